import Ajv from "ajv";
import addFormats from "ajv-formats";
import { isObject, type JsonObject, objectAt, type Path, prop } from "../../lib/json";
import type { SpecDocument } from "../../openapi";
import { type Operation, operationName, operationsOf } from "../../openapi/operations";

/** The problems that keep a document from being a spec of the example, as sentences. */
export function problemsOf(document: SpecDocument): string[] {
  const operations = operationsOf(document);
  return [
    ...awsExtensions(document.root, []),
    ...repeated(operations.map((operation) => String(prop(operation.value, "operationId")))),
    ...operations.flatMap((operation) => problemsOfOperation(document, operation)),
  ];
}

function awsExtensions(value: unknown, path: Path): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => awsExtensions(item, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key.toLowerCase().startsWith("x-amazon")
      ? [`${[...path, key].join(" › ")} is an AWS extension, which belongs in the settings`]
      : awsExtensions(inner, [...path, key]),
  );
}

function repeated(ids: string[]): string[] {
  return ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((id) => `operationId ${id} names two operations`);
}

function problemsOfOperation(document: SpecDocument, operation: Operation): string[] {
  const name = operationName(operation);
  const problems: string[] = [];
  for (const key of ["operationId", "summary"]) {
    if (typeof prop(operation.value, key) !== "string") problems.push(`${name} has no ${key}`);
  }
  const responses = Object.entries(objectAt(operation.value, "responses") ?? {});
  if (!responses.some(([code]) => /^[23]/.test(code))) problems.push(`${name} documents no success response`);
  const bodies: [string, unknown][] = responses.map(([code, response]) => [`${name} ${code}`, response]);
  bodies.push([`${name} request`, prop(operation.value, "requestBody")]);
  for (const [place, body] of bodies) {
    const found = document.resolve(body, [...operation.path]);
    for (const [type, media] of Object.entries(objectAt(found?.value, "content") ?? {})) {
      if (type === "application/json")
        problems.push(...problemsOfExamples(document, `${place} ${type}`, media));
    }
  }
  return problems;
}

/** The local stub backend answers with the examples, so each JSON body needs one that its schema accepts. */
function problemsOfExamples(document: SpecDocument, place: string, media: unknown): string[] {
  const examples = examplesOf(document, media);
  const schema = prop(media, "schema");
  if (!isObject(schema)) return [`${place} has no schema`];
  if (examples.length === 0) return [`${place} has no example`];
  const validate = validatorOf(document)(schema);
  return examples
    .map((example) => (validate(example) ? undefined : JSON.stringify(validate.errors?.[0])))
    .filter((error) => error !== undefined)
    .map((error) => `${place}: the schema does not accept the example: ${error}`);
}

function examplesOf(document: SpecDocument, media: unknown): unknown[] {
  const single = isObject(media) && Object.hasOwn(media, "example") ? [media.example] : [];
  const named = Object.values(objectAt(media, "examples") ?? {});
  return [...single, ...named.map((example) => prop(document.resolve(example, [])?.value, "value"))];
}

const validators = new WeakMap<SpecDocument, (schema: JsonObject) => ReturnType<Ajv["compile"]>>();

function validatorOf(document: SpecDocument) {
  const existing = validators.get(document);
  if (existing) return existing;
  // Not strict: `discriminator`, `example` and the formats of numbers are OpenAPI's own.
  const ajv = addFormats(new Ajv({ strict: false, validateFormats: true, logger: false }));
  const components = document.root.components;
  const create = (schema: JsonObject) => ajv.compile({ ...schema, components });
  validators.set(document, create);
  return create;
}
