/** A directive: its name, its parameters and, for a block directive, the directives between the braces. */
export type Directive = [name: string, ...parameters: (string | Block)[]];
export type Block = Directive[];

/** Nginx's syntax, one directive per line, two spaces per level. */
export function print(block: Block, indent = ""): string {
  return block
    .map(([name, ...parameters]) => {
      const body = parameters.find((parameter) => typeof parameter !== "string");
      const words = parameters.filter((parameter) => typeof parameter === "string").map(word);
      const head = indent + [word(name), ...words].join(" ");
      return body ? `${head} {\n${print(body, `${indent}  `)}${indent}}\n` : `${head};\n`;
    })
    .join("");
}

/**
 * A parameter, quoted if Nginx's parser would interpret its characters. Nginx has no escape for `$`, so values must not
 * contain it; see validate.ts.
 * Source: nginx, src/core/ngx_conf_file.c, ngx_conf_read_token.
 */
function word(text: string): string {
  return /^[^\s;{}"'\\#]+$/.test(text) ? text : `'${text.replace(/[\\']/g, "\\$&")}'`;
}
