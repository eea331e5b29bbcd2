/** A query string as AWS reads it: names and values decoded, `;` separates like `&`, `+` is a space. */
export class Query {
  readonly entries = new Map<string, string[]>();

  constructor(raw: string) {
    if (raw === "") return;
    for (const pair of raw.split(/[&;]/)) {
      if (pair === "") continue;
      const equals = pair.indexOf("=");
      const name = decode(equals < 0 ? pair : pair.slice(0, equals));
      const value = equals < 0 ? "" : decode(pair.slice(equals + 1));
      const values = this.entries.get(name);
      if (values) values.push(value);
      else this.entries.set(name, [value]);
    }
  }

  /** The last of repeated parameters (recorded: params-encoding-multi). */
  get(name: string): string | undefined {
    return this.entries.get(name)?.at(-1);
  }

  all(name: string): string[] | undefined {
    return this.entries.get(name);
  }

  single(): Record<string, string> {
    return Object.fromEntries([...this.entries].map(([name, values]) => [name, values.at(-1) as string]));
  }

  multi(): Record<string, string[]> {
    return Object.fromEntries(this.entries);
  }
}

/** Decodes `%` and `+`; text that is not valid UTF-8 or not an escape is kept. */
function decode(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** `a=1&a=2&b=3`, names and values encoded again, except slashes (ustayready/fireprox#44, seen on AWS). */
export function formatQuery(entries: Iterable<[string, string | readonly string[]]>): string {
  let text = "";
  for (const [name, value] of entries) {
    const encoded = encode(name);
    for (const one of typeof value === "string" ? [value] : value) {
      text += `${text === "" ? "" : "&"}${encoded}=${encode(one)}`;
    }
  }
  return text;
}

const encode = (text: string): string => encodeURIComponent(text).replaceAll("%2F", "/");
