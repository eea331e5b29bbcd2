/**
 * A pattern of an IAM policy's Action, Resource, StringLike or ArnLike. `*` matches any characters, slashes and
 * colons included, `?` exactly one; the whole text has to match.
 * Source: IAM user guide, "IAM JSON policy elements: Resource" and "Condition operators".
 */
export function wildcard(pattern: string): (text: string) => boolean {
  if (pattern === "*") return () => true;
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, "[^]*")
    .replaceAll("?", "[^]");
  const expression = new RegExp(`^${source}$`);
  return (text) => expression.test(text);
}
