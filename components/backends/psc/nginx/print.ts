/** A directive: its name, its parameters and, for a block, what stands between the braces. */
export type Directive = [name: string, ...parameters: (string | Block)[]];
export type Block = Directive[];

/** Directives as Nginx reads them, one per line, two spaces per level. */
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
 * A parameter, quoted where its characters mean something to Nginx's parser. `$` stays a variable either way:
 * Nginx has no escape for it, which is why values are held to an alphabet without it.
 * Source: nginx, src/core/ngx_conf_file.c, ngx_conf_read_token.
 */
function word(text: string): string {
  return /^[^\s;{}"'\\#]+$/.test(text) ? text : `'${text.replace(/[\\']/g, "\\$&")}'`;
}
