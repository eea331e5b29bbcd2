import { objectAt, prop } from "../../lib/json";
import type { SpecDocument } from "../document";
import type { Operation, Parameter } from "../operations";
import { variablesOf } from "../rest-api/path-template";
import type { Note } from "./difference";
import type { SchemaComparison, SchemaNote } from "./schemas";

/** Compares the requests and responses of one method. */
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
    const parametersAfter = new Map(
      after.parameters.map((parameter) => [keyOf(after, parameter), parameter]),
    );
    const parametersBefore = new Map(
      before.parameters.map((parameter) => [keyOf(before, parameter), parameter]),
    );
    for (const [key, parameter] of parametersBefore) {
      const other = parametersAfter.get(key);
      const text = `${parameter.in} parameter ${parameter.name}`;
      if (!other) {
        if (parameter.in !== "path") note("parameter", `${text} is removed`, true);
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
    for (const [key, parameter] of parametersAfter) {
      if (parametersBefore.has(key) || parameter.in === "path") continue;
      const required = parameter.required ? " and required" : "";
      note("parameter", `${parameter.in} parameter ${parameter.name} is new${required}`, parameter.required);
    }
  }

  #body(before: Operation, after: Operation, note: Note): void {
    const bodyBefore = this.before.resolve(prop(before.value, "requestBody"), [])?.value;
    const bodyAfter = this.after.resolve(prop(after.value, "requestBody"), [])?.value;
    if (bodyBefore === undefined && bodyAfter === undefined) return;
    const required = prop(bodyAfter, "required") === true;
    if (bodyAfter === undefined) note("body", "the request body is removed", true);
    else if (bodyBefore === undefined)
      note("body", `a request body is new${required ? " and required" : ""}`, required);
    else this.#bodies(bodyBefore, bodyAfter, required, note);
  }

  #bodies(before: unknown, after: unknown, required: boolean, note: Note): void {
    if (prop(before, "required") !== true && required) note("body", "the request body is required now", true);
    this.#content(before, after, "request", "body", (message, breaking) => note("body", message, breaking));
  }

  #responses(before: Operation, after: Operation, note: Note): void {
    const responsesBefore = objectAt(before.value, "responses") ?? {};
    const responsesAfter = objectAt(after.value, "responses") ?? {};
    for (const status of Object.keys(responsesBefore)) {
      if (!Object.hasOwn(responsesAfter, status)) {
        note("response", `the response ${status} is removed`, /^[23]/.test(status));
        continue;
      }
      const responseBefore = this.before.resolve(responsesBefore[status], [])?.value;
      const responseAfter = this.after.resolve(responsesAfter[status], [])?.value;
      const add = (message: string, breaking: boolean) => note("response", message, breaking);
      this.#headers(responseBefore, responseAfter, status, add);
      this.#content(responseBefore, responseAfter, "response", status, add);
    }
    for (const status of Object.keys(responsesAfter)) {
      if (!Object.hasOwn(responsesBefore, status)) note("response", `the response ${status} is new`, false);
    }
  }

  #headers(before: unknown, after: unknown, status: string, note: SchemaNote): void {
    const [namesBefore, namesAfter] = [headersOf(before), headersOf(after)];
    for (const [key, name] of namesBefore)
      if (!namesAfter.has(key)) note(`${status} no longer has the header ${name}`, true);
    for (const [key, name] of namesAfter)
      if (!namesBefore.has(key)) note(`${status} has the header ${name} now`, false);
  }

  #content(
    before: unknown,
    after: unknown,
    direction: "request" | "response",
    subject: string,
    note: (message: string, breaking: boolean) => void,
  ): void {
    const typesBefore = objectAt(before, "content") ?? {};
    const typesAfter = objectAt(after, "content") ?? {};
    for (const type of Object.keys(typesBefore)) {
      if (!Object.hasOwn(typesAfter, type)) {
        note(`${subject} can no longer be ${type}`, true);
        continue;
      }
      const schemaBefore = prop(typesBefore[type], "schema");
      this.schemas.run(schemaBefore, prop(typesAfter[type], "schema"), direction, subject, note);
    }
    for (const type of Object.keys(typesAfter))
      if (!Object.hasOwn(typesBefore, type)) note(`${subject} can be ${type} now`, false);
  }
}

/** Path parameters are compared by position: another name changes nothing for callers. */
function keyOf(operation: Operation, { in: location, name }: Parameter): string {
  return location === "path"
    ? `path ${variablesOf(operation.template).indexOf(name)}`
    : `${location} ${location === "header" ? name.toLowerCase() : name}`;
}

/** Header names are case-insensitive. */
function headersOf(response: unknown): Map<string, string> {
  return new Map(Object.keys(objectAt(response, "headers") ?? {}).map((name) => [name.toLowerCase(), name]));
}

const STYLES: Record<string, string> = { query: "form", cookie: "form" };

/** How a list or an object is serialised in a parameter; a single value is the same in every style. */
function writtenAs({ in: location, value }: Parameter): string {
  const types = [prop(prop(value, "schema"), "type")].flat();
  if (!types.includes("array") && !types.includes("object")) return "a single value";
  const style = prop(value, "style") ?? STYLES[location] ?? "simple";
  const explode = prop(value, "explode") ?? style === "form";
  return `${style}${explode ? ", exploded" : ""}`;
}

function schemaOf(parameter: Parameter): unknown {
  const schema = prop(parameter.value, "schema");
  if (schema !== undefined) return schema;
  const [media] = Object.values(objectAt(parameter.value, "content") ?? {});
  return prop(media, "schema");
}
