import { isObject, own, ownObject, ownString, type Path } from "../../lib/json";
import type { Resolved, SpecDocument } from "../document";
import { type Operation, operationName, type Parameter } from "../operations";
import { variablesOf } from "../path-template";
import type { Report } from "./report";
import type { SchemaCheck } from "./schemas";

const PARAMETER_NAME = /^[a-zA-Z0-9:._$-]+$/;
const CONTENT_TYPE = /^[\w.+-]+\/[\w.+-]+(\s*;.*)?$/;
const COUNTING = new Set(["name", "in", "required", "description", "schema", "$ref"]);

/** What concerns single operations: method, parameters, body, responses. */
export class OperationCheck {
  readonly #ids = new Map<string, string>();
  /** Parameters and responses that several operations share are looked at once */
  readonly #seen = new Set<unknown>();

  constructor(
    private readonly document: SpecDocument,
    private readonly report: Report,
    private readonly schemas: SchemaCheck,
  ) {}

  run(operation: Operation): void {
    const { value, path } = operation;
    const name = operationName(operation);
    if (operation.method === "TRACE") this.report.add("trace-method", path, `There is ${name}.`);
    if (Object.hasOwn(value, "callbacks"))
      this.report.add("callbacks", [...path, "callbacks"], `${name} has callbacks.`);
    this.#operationId(operation);
    this.#parameters(operation);
    this.#body(operation);
    this.#responses(operation);
  }

  #operationId({ value, path, ...operation }: Operation): void {
    const id = ownString(value, "operationId");
    if (id === undefined) return;
    const first = this.#ids.get(id);
    const name = operationName(operation);
    if (first === undefined) this.#ids.set(id, name);
    else
      this.report.add(
        "operation-id",
        [...path, "operationId"],
        `${first} and ${name} have the operationId "${id}".`,
      );
  }

  #parameters(operation: Operation): void {
    const names = new Map<string, string>();
    const variables = variablesOf(operation.template);
    const where = operationName(operation);
    for (const parameter of operation.parameters) {
      this.#parameter(parameter, where, variables);
      const other = names.get(parameter.name);
      if (other !== undefined && parameter.in !== "cookie") {
        const found = `${where} has "${parameter.name}" in ${other} and in ${parameter.in}.`;
        this.report.add("parameter-unique", parameter.path, found);
      } else if (parameter.in !== "cookie") names.set(parameter.name, parameter.in);
    }
    for (const variable of variables) {
      if (operation.parameters.some(({ in: place, name }) => place === "path" && name === variable)) continue;
      this.report.add("undeclared-variable", operation.path, `${where} does not declare {${variable}}.`);
    }
  }

  #parameter(parameter: Parameter, where: string, variables: readonly string[]): void {
    if (parameter.in === "path" && !variables.includes(parameter.name)) {
      this.report.add(
        "unused-path-parameter",
        parameter.path,
        `${where} declares the path parameter "${parameter.name}".`,
      );
    }
    if (this.#seen.has(parameter.value)) return;
    this.#seen.add(parameter.value);
    const found = `The ${parameter.in} parameter is "${parameter.name}".`;
    if (parameter.in === "cookie") this.report.add("cookie-parameter", parameter.path, found);
    else if (!["path", "query", "header"].includes(parameter.in))
      this.report.add("parameter-place", parameter.path, found);
    else if (!PARAMETER_NAME.test(parameter.name)) this.report.add("parameter-name", parameter.path, found);
    const ignored = [
      ...Object.keys(parameter.value).filter((key) => !COUNTING.has(key)),
      ...Object.keys(ownObject(parameter.value, "schema") ?? {}).filter((key) => key !== "type"),
    ];
    if (ignored.length > 0) {
      const list = ignored.map((key) => `"${key}"`).join(", ");
      this.report.add(
        "parameter-attributes",
        parameter.path,
        `The parameter "${parameter.name}" has ${list}.`,
      );
    }
  }

  #body(operation: Operation): void {
    const { value, path, method } = operation;
    if (!Object.hasOwn(value, "requestBody")) return;
    const place = [...path, "requestBody"];
    if (method === "GET" || method === "HEAD") {
      this.report.add("body-on-get", place, `${operationName(operation)} has a request body.`);
    }
    const body = this.#resolve(value.requestBody, place);
    if (!body || this.#seen.has(body.value)) return;
    this.#seen.add(body.value);
    this.#content(body);
  }

  #responses(operation: Operation): void {
    const { value, path } = operation;
    const responses = ownObject(value, "responses");
    if (!responses || Object.keys(responses).length === 0) {
      this.report.add("missing-responses", path, `${operationName(operation)} declares no responses.`);
      return;
    }
    for (const status of Object.keys(responses)) {
      const place = [...path, "responses", status];
      if (status.startsWith("x-")) continue;
      if (status === "default" || /^[1-5]xx$/i.test(status)) {
        this.report.add("response-range", place, `${operationName(operation)} has the response "${status}".`);
      } else if (!/^[1-5]\d\d$/.test(status)) {
        this.report.add(
          "response-status",
          place,
          `${operationName(operation)} has the response "${status}".`,
        );
      }
      const response = this.#resolve(responses[status], place);
      if (!response || this.#seen.has(response.value)) continue;
      this.#seen.add(response.value);
      if (Object.hasOwn(response.value as object, "links")) {
        this.report.add("links", [...response.path, "links"], "The response has links.");
      }
      this.#content(response);
    }
  }

  #content(owner: Resolved): void {
    for (const [type, media] of Object.entries(ownObject(owner.value, "content") ?? {})) {
      const path = [...owner.path, "content", type];
      if (!CONTENT_TYPE.test(type)) this.report.add("media-type", path, `The content type is "${type}".`);
      const schema = own(media, "schema");
      if (schema !== undefined) this.schemas.run(schema, [...path, "schema"]);
    }
  }

  #resolve(value: unknown, path: Path): Resolved | undefined {
    const found = this.document.resolve(value, path);
    return found && isObject(found.value) ? found : undefined;
  }
}
