import { parseNumber } from "./java-values";

const TOKEN =
  /[ \t\r\n]*([[\]{}:,]|"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

/**
 * Parses JSON into Java values: numbers keep their precision, objects become Maps with their keys in order.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  let at = 0;
  let token = "";
  const next = (): void => {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError(`invalid JSON at character ${at}`);
    token = match[1] as string;
    at = TOKEN.lastIndex;
  };
  const expect = (wanted: string): void => {
    if (token !== wanted) throw new SyntaxError(`invalid JSON at character ${at}: found ${token}`);
  };
  const members = (close: string, read: () => void): void => {
    next();
    if (token === close) return;
    for (;;) {
      read();
      next();
      if (token === close) return;
      expect(",");
      next();
    }
  };
  const value = (): unknown => {
    if (token === "[") {
      const list: unknown[] = [];
      members("]", () => list.push(value()));
      return list;
    }
    if (token === "{") {
      const map = new Map<string, unknown>();
      members("}", () => {
        const key = literal(token);
        if (typeof key !== "string") expect("a key");
        next();
        expect(":");
        next();
        map.set(key as string, value());
      });
      return map;
    }
    return literal(token);
  };
  next();
  const result = value();
  if (text.slice(at).trim() !== "") throw new SyntaxError(`invalid JSON at character ${at}`);
  return result;
}

function literal(token: string): unknown {
  if (/^[-\d]/.test(token)) return parseNumber(token);
  return JSON.parse(token);
}
