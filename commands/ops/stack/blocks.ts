import { isMap, isNode, isScalar, type Pair, type YAMLMap } from "yaml";
import { UserError } from "../../../lib/error";
import { stackFileName } from "../../../offline/recording/stack-file";
import { type StackFile, servicesOf } from "./stack-file";

/**
 * A service as lines of its file, one block per key, each with the comments above it. Copying lines instead of serializing the
 * document again keeps every comment, quote and space as the team wrote it.
 */
export interface ServiceBlock {
  name: string;
  /** First line of the service's keys in the file, and the line after the last one; counted from 0. */
  from: number;
  to: number;
  /** Column of the keys; the dash is two columns before it. */
  indent: number;
  /** Lines per key, in order, without their indentation. */
  keys: Map<string, string[]>;
}

/** @throws UserError when the service is in flow style, `{ name: … }`, where keys have no lines of their own */
export function blockOf(file: StackFile, service: YAMLMap): ServiceBlock {
  const name = String(service.get("name"));
  if (service.flow) {
    throw new UserError(
      `${stackFileName(file.stack)}: write ${name} with one key per line; keys in { } cannot be copied as lines.`,
    );
  }
  const lineOf = lineCounter(file.text);
  const lines = file.text.split("\n");
  const pairs = service.items.map((pair) => ({ key: keyOf(pair), ...extent(pair, file.text) }));
  const first = pairs[0];
  if (first === undefined) throw new UserError(`${stackFileName(file.stack)}: a service has no keys.`);
  const indent = first.start - (file.text.lastIndexOf("\n", first.start - 1) + 1);
  const from = lineOf(first.start);

  const keys = new Map<string, string[]>();
  let next = from;
  for (const { key, end } of pairs) {
    const last = lineOf(end) + 1;
    const block = lines.slice(next, last).map((line, index) => {
      // The first line begins with the dash of the list.
      const text = next === from && index === 0 ? `${" ".repeat(indent)}${line.slice(indent)}` : line;
      return text.slice(0, indent).trim() === "" ? text.slice(indent) : text.trimStart();
    });
    keys.set(key, block);
    next = last;
  }
  return { name, from, to: next, indent, keys };
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}

/** First and last character of a pair. */
function extent({ key, value }: Pair, text: string): { start: number; end: number } {
  const start = isNode(key) ? key.range?.[0] : undefined;
  const after = (isNode(value) ? value.range?.[1] : undefined) ?? (isNode(key) ? key.range?.[1] : undefined);
  if (start === undefined || after === undefined) throw new Error("the YAML parser has no range for a key");
  let end = after - 1;
  while (end > start && /\s/.test(text[end] ?? "")) end -= 1;
  return { start, end };
}

function lineCounter(text: string): (offset: number) => number {
  return (offset) => text.slice(0, offset).split("\n").length - 1;
}

/** A service's lines with its dash and indentation. */
export function serviceLines(keys: Map<string, string[]>, indent: number): string[] {
  const pad = " ".repeat(indent);
  const lines = [...keys.values()].flat().map((line) => (line === "" ? "" : pad + line));
  const [first = "", ...rest] = lines;
  return [`${pad.slice(0, -2)}- ${first.slice(indent)}`, ...rest];
}

/** The file's text with a service's keys replaced. */
export function withService(file: StackFile, block: ServiceBlock, keys: Map<string, string[]>): string {
  const lines = file.text.split("\n");
  lines.splice(block.from, block.to - block.from, ...serviceLines(keys, block.indent));
  return lines.join("\n");
}

/** The file's text with a service added at the end of the list. */
export function withNewService(file: StackFile, keys: Map<string, string[]>): string {
  const services = servicesOf(file);
  const lines = file.text.split("\n");
  const last = services.items.findLast((item) => isMap(item));
  if (isMap(last)) {
    const { to, indent } = blockOf(file, last);
    lines.splice(to, 0, ...serviceLines(keys, indent));
    return lines.join("\n");
  }
  const [start, end] = services.range ?? [];
  if (start === undefined || end === undefined)
    throw new Error("the YAML parser has no range for gateway:services");
  return `${file.text.slice(0, start).trimEnd()}\n${serviceLines(keys, 6).join("\n")}${file.text.slice(end)}`;
}
