import { objectAt, prop } from "../../lib/json";
import type { SpecDocument } from "../document";
import type { Operation, Parameter } from "../operations";
import { variablesOf } from "../rest-api/path-template";
import type { Note } from "./difference";
import type { SchemaComparison, SchemaNote } from "./schemas";

/** Compares what one method takes and gives. */
export class MethodComparison {
  constructor(
    private readonly before: SpecDocument,
    private readonly after: SpecDocument,
    private readonly schemas: SchemaComparison,
  ) {}

  run(before: Operation, after: Operation, note: Note): void {
    if (prop(before.value, "deprecated") !== true && prop(after.value, "deprecated") === true) {
      note("deprecated", "deprecated now", false);
    }
    this.#parameters(before, after, note);
    this.#body(before, after, note);
    this.#responses(before, after, note);
  }

  #parameters(before: Operation, after: Operation, note: Note): void {
    const now = new Map(after.parameters.map((parameter) => [keyOf(after, parameter), parameter]));
    const old = new Map(before.parameters.map((parameter) => [keyOf(before, parameter), parameter]));
    for (const [key, parameter] of old) {
      const other = now.get(key);
      const text = `${parameter.in} parameter ${parameter.name}`;
      if (!other) {
        if (parameter.in !== "path") note("parameter", `${text} is gone`, true);
        continue;
      }
      if (!parameter.required && other.required) note("parameter", `${text} is required now`, true);
      if (parameter.required && !other.required) note("parameter", `${text} is optional now`, false);
      if (writtenAs(parameter) !== writtenAs(other)) {
        const message = `${text} is written as ${writtenAs(other)} instead of ${writtenAs(parameter)}`;
        note("parameter", message, true);
      }
      this.schemas.run(schemaOf(parameter), schemaOf(other), "request", text, (message, breaking) =>
        note("parameter", message, breaking),
      );
    }
    for (const [key, parameter] of now) {
      if (old.has(key) || parameter.in === "path") continue;
      const required = parameter.required ? " and required" : "";
      note("parameter", `${parameter.in} parameter ${parameter.name} is new${required}`, parameter.required);
    }
  }

  #body(before: Operation, after: Operation, note: Note): void {
    const old = this.before.resolve(prop(before.value, "requestBody"), [])?.value;
    const now = this.after.resolve(prop(after.value, "requestBody"), [])?.value;
    if (old === undefined && now === undefined) return;
    const required = prop(now, "required") === true;
    if (now === undefined) note("body", "the request body is gone", true);
    else if (old === undefined)
      note("body", `a request body is new${required ? " and required" : ""}`, required);
    else this.#bodies(old, now, required, note);
  }

  #bodies(old: unknown, now: unknown, required: boolean, note: Note): void {
    if (prop(old, "required") !== true && required) note("body", "the request body is required now", true);
    this.#content(old, now, "request", "body", (message, breaking) => note("body", message, breaking));
  }

  #responses(before: Operation, after: Operation, note: Note): void {
    const old = objectAt(before.value, "responses") ?? {};
    const now = objectAt(after.value, "responses") ?? {};
    for (const status of Object.keys(old)) {
      if (!Object.hasOwn(now, status)) {
        note("response", `the response ${status} is gone`, /^[23]/.test(status));
        continue;
      }
      const was = this.before.resolve(old[status], [])?.value;
      const is = this.after.resolve(now[status], [])?.value;
      const add = (message: string, breaking: boolean) => note("response", message, breaking);
      this.#headers(was, is, status, add);
      this.#content(was, is, "response", status, add);
    }
    for (const status of Object.keys(now)) {
      if (!Object.hasOwn(old, status)) note("response", `the response ${status} is new`, false);
    }
  }

  #headers(before: unknown, after: unknown, status: string, note: SchemaNote): void {
    const [old, now] = [headersOf(before), headersOf(after)];
    for (const [key, name] of old) if (!now.has(key)) note(`${status} has no header ${name} any more`, true);
    for (const [key, name] of now) if (!old.has(key)) note(`${status} has the header ${name} now`, false);
  }

  #content(
    before: unknown,
    after: unknown,
    direction: "request" | "response",
    place: string,
    note: (message: string, breaking: boolean) => void,
  ): void {
    const old = objectAt(before, "content") ?? {};
    const now = objectAt(after, "content") ?? {};
    for (const type of Object.keys(old)) {
      if (!Object.hasOwn(now, type)) note(`${place} is no ${type} any more`, true);
      else this.schemas.run(prop(old[type], "schema"), prop(now[type], "schema"), direction, place, note);
    }
    for (const type of Object.keys(now))
      if (!Object.hasOwn(old, type)) note(`${place} may be ${type} now`, false);
  }
}

/** Path parameters go by their position: a new name of a variable changes nothing for callers. */
function keyOf(operation: Operation, { in: place, name }: Parameter): string {
  return place === "path"
    ? `path ${variablesOf(operation.template).indexOf(name)}`
    : `${place} ${place === "header" ? name.toLowerCase() : name}`;
}

/** Names of headers are the same in any case. */
function headersOf(response: unknown): Map<string, string> {
  return new Map(Object.keys(objectAt(response, "headers") ?? {}).map((name) => [name.toLowerCase(), name]));
}

const STYLES: Record<string, string> = { query: "form", cookie: "form" };

/** How a list or an object stands in a parameter; a single value looks the same in all the ways. */
function writtenAs({ in: place, value }: Parameter): string {
  const types = [prop(prop(value, "schema"), "type")].flat();
  if (!types.includes("array") && !types.includes("object")) return "a single value";
  const style = prop(value, "style") ?? STYLES[place] ?? "simple";
  const explode = prop(value, "explode") ?? style === "form";
  return `${style}${explode ? ", exploded" : ""}`;
}

function schemaOf(parameter: Parameter): unknown {
  const schema = prop(parameter.value, "schema");
  if (schema !== undefined) return schema;
  const [media] = Object.values(objectAt(parameter.value, "content") ?? {});
  return prop(media, "schema");
}
