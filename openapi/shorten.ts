/** Names and values of a document can be of any length: a message shows their beginning and end. */
export function shorten(text: string): string {
  return text.length > 400 ? `${text.slice(0, 250)} … ${text.slice(-100)}` : text;
}
