import assert from "node:assert/strict";
import type { JsonObject } from "../../lib/json";
import { type Difference, diff, loadValue, renderMarkdown, renderText, summarize } from "../../openapi";
import { AUTHORIZER, definition, get, method, RESPONSES, spec } from "./documents";

const ok = { get: { responses: RESPONSES } };
const secured = (security: unknown) => get({ security });
const query = (more: JsonObject) =>
  get({ parameters: [{ name: "a", in: "query", schema: { type: "string" }, ...more }] });
const content = (schema: unknown, type = "application/json") => ({ content: { [type]: { schema } } });
const body = (schema: unknown, more: JsonObject = {}) =>
  spec({ "/a": { post: { responses: RESPONSES, requestBody: { ...content(schema), ...more } } } });
const answer = (schema: unknown, type?: string) =>
  get({ responses: { "200": { description: "x", ...content(schema, type) } } });
const object = (properties: JsonObject, required: string[] = [], more: JsonObject = {}) => ({
  type: "object",
  properties,
  required,
  ...more,
});
const text = { type: "string" };
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const answered = (name: string) => ({
  get: { responses: { "200": { description: "x", ...content(reference(name)) } } },
});

function differences(before: JsonObject, after: JsonObject): Difference[] {
  return diff(loadValue(structuredClone(before)), loadValue(structuredClone(after)));
}

/** [what, before, after, "kind breaking|-"…] of the change and of the way back */
const TABLE: [string, JsonObject, JsonObject, string[], string[]][] = [
  ["a route", spec({}), spec({ "/a": ok }), ["route-added -"], ["route-removed breaking"]],
  ["a variable's name", spec({ "/a/{id}": ok }), spec({ "/a/{name}": ok }), [], []],
  ["a login", secured([]), secured([{ key: [] }]), ["access-tightened breaking"], ["access-weakened -"]],
  [
    "an optional login",
    secured([{ key: [] }]),
    secured([{ key: [] }, {}]),
    ["access-weakened -"],
    ["access-tightened breaking"],
  ],
  [
    "a level",
    secured([{ "read-authorizer": [] }]),
    secured([{ "data-admin-authorizer": [] }]),
    ["access-tightened breaking"],
    ["access-weakened -"],
  ],
  [
    "a scope",
    secured([{ pool: ["a"] }]),
    secured([{ pool: ["a", "b"] }]),
    ["access-tightened breaking"],
    ["access-weakened -"],
  ],
  [
    "an alternative",
    secured([{ x: [] }]),
    secured([{ x: [] }, { y: [] }]),
    ["access-weakened -"],
    ["access-tightened breaking"],
  ],
  [
    "a second login that is needed besides",
    secured([{ x: [] }]),
    secured([{ x: [], y: [] }]),
    ["access-tightened breaking"],
    ["access-weakened -"],
  ],
  [
    "a resource policy",
    spec({}),
    spec({}, { "x-amazon-apigateway-policy": { Statement: [] } }),
    ["access-tightened breaking"],
    ["access-weakened -"],
  ],
  [
    "what an authorizer's scheme calls",
    spec({}, { components: { securitySchemes: { x: AUTHORIZER } } }),
    spec({}, { components: { securitySchemes: { x: { type: "apiKey", name: "x-api-key", in: "header" } } } }),
    ["access-weakened -"],
    [],
  ],
  [
    "how a list is written",
    query({ schema: { type: "array" } }),
    query({ schema: { type: "array" }, explode: false }),
    ["parameter breaking"],
    ["parameter breaking"],
  ],
  ["how a word is written", query({}), query({ explode: false }), [], []],
  [
    "an exclusive bound",
    query({ schema: { type: "integer" } }),
    query({ schema: { type: "integer", exclusiveMinimum: 0 } }),
    ["parameter breaking"],
    ["parameter -"],
  ],
  [
    "a coarser step",
    query({ schema: { type: "integer", multipleOf: 5 } }),
    query({ schema: { type: "integer", multipleOf: 10 } }),
    ["parameter breaking"],
    ["parameter -"],
  ],
  [
    "that items are unique",
    body({ type: "array" }),
    body({ type: "array", uniqueItems: true }),
    ["body breaking"],
    ["body -"],
  ],
  [
    "that other properties are refused",
    body(object({})),
    body(object({}, [], { additionalProperties: false })),
    ["body breaking"],
    ["body -"],
  ],
  [
    "what other properties are",
    body(object({}, [], { additionalProperties: text })),
    body(object({}, [], { additionalProperties: { type: "integer" } })),
    ["body breaking"],
    ["body breaking"],
  ],
  [
    "a header of an answer",
    get({ responses: { "200": { description: "x", headers: { "X-A": {} } } } }),
    get({}),
    ["response breaking"],
    ["response -"],
  ],
  [
    "one login for another",
    secured([{ x: [] }]),
    secured([{ y: [] }]),
    ["access-changed -"],
    ["access-changed -"],
  ],
  ["an optional parameter", get({}), query({}), ["parameter -"], ["parameter breaking"]],
  [
    "a required parameter",
    get({}),
    query({ required: true }),
    ["parameter breaking"],
    ["parameter breaking"],
  ],
  [
    "that a parameter is required",
    query({}),
    query({ required: true }),
    ["parameter breaking"],
    ["parameter -"],
  ],
  [
    "a parameter's values",
    query({ schema: { enum: ["a", "b"] } }),
    query({ schema: { enum: ["a"] } }),
    ["parameter breaking"],
    ["parameter -"],
  ],
  [
    "a parameter's bound",
    query({ schema: { type: "integer" } }),
    query({ schema: { type: "integer", maximum: 5 } }),
    ["parameter breaking"],
    ["parameter -"],
  ],
  [
    "integer to number",
    query({ schema: { type: "integer" } }),
    query({ schema: { type: "number" } }),
    ["parameter -"],
    ["parameter breaking"],
  ],
  ["a body", spec({ "/a": { post: { responses: RESPONSES } } }), body(text), ["body -"], ["body breaking"]],
  [
    "a required body",
    spec({ "/a": { post: { responses: RESPONSES } } }),
    body(text, { required: true }),
    ["body breaking"],
    ["body breaking"],
  ],
  [
    "a required property of a body",
    body(object({})),
    body(object({ a: text }, ["a"])),
    ["body breaking"],
    ["body -"],
  ],
  ["an optional property of a body", body(object({})), body(object({ a: text })), ["body -"], ["body -"]],
  [
    "a property of a closed body",
    body(object({ a: text }, [], { additionalProperties: false })),
    body(object({}, [], { additionalProperties: false })),
    ["body breaking"],
    ["body -"],
  ],
  [
    "a property of an answer",
    answer(object({ a: text })),
    answer(object({})),
    ["response breaking"],
    ["response -"],
  ],
  [
    "that an answer's property is there",
    answer(object({ a: text }, ["a"])),
    answer(object({ a: text })),
    ["response breaking"],
    ["response -"],
  ],
  [
    "an answer's type",
    answer(text),
    answer({ type: "integer" }),
    ["response breaking"],
    ["response breaking"],
  ],
  [
    "that an answer may be null",
    answer(text),
    answer({ type: "string", nullable: true }),
    ["response breaking"],
    ["response -"],
  ],
  [
    "a value of an answer",
    answer({ enum: ["a"] }),
    answer({ enum: ["a", "b"] }),
    ["response -"],
    ["response -"],
  ],
  [
    "an answer's content type",
    answer(text),
    answer(text, "text/csv"),
    ["response breaking", "response -"],
    ["response breaking", "response -"],
  ],
  [
    "a status",
    get({}),
    get({ responses: { ...RESPONSES, "404": { description: "x" } } }),
    ["response -"],
    ["response -"],
  ],
  ["deprecation", get({}), get({ deprecated: true }), ["deprecated -"], []],
  [
    "the backend's path",
    definition("/a", { get: method("GET", "/a") }),
    definition("/a", { get: method("GET", "/b") }),
    ["integration -"],
    ["integration -"],
  ],
  [
    "a timeout",
    definition("/a", { get: method("GET", "/a") }),
    definition("/a", { get: method("GET", "/a", { timeoutInMillis: 5000 }) }),
    ["integration -"],
    ["integration -"],
  ],
];

describe("diff", () => {
  for (const [what, before, after, there, back] of TABLE) {
    it(`tells ${what}`, () => {
      const kinds = (list: Difference[]) =>
        list.map(({ kind, breaking }) => `${kind} ${breaking ? "breaking" : "-"}`);
      assert.deepEqual(kinds(differences(before, after)), there);
      assert.deepEqual(kinds(differences(after, before)), back);
      assert.deepEqual(differences(before, before), []);
    });
  }

  it("of a schema that two methods share is said of both, and of what stayed the same of none", () => {
    const of = (thing: unknown) =>
      spec(
        Object.fromEntries(
          ["/a", "/b"].map((path) => [path, answered("Thing")]).concat([["/c", answered("Other")]]),
        ),
        {
          components: {
            schemas: { Thing: object({ self: reference("Thing"), a: thing }), Other: object({ a: text }) },
          },
        },
      );
    assert.deepEqual(
      differences(of(text), of({ type: "integer" })).map(({ route, message }) => `${route}: ${message}`),
      ["GET /a: 200.a is integer instead of string", "GET /b: 200.a is integer instead of string"],
    );
  });

  it("marks weakened access, and nothing else, as weakened", () => {
    const list = [
      ...differences(secured([{ key: [] }]), secured([])),
      ...differences(spec({}), spec({ "/a": ok })),
    ];
    assert.deepEqual(
      list.map(({ weakened }) => weakened),
      [true, false],
    );
  });

  it("sees an authorizer that calls another function", () => {
    const scheme = (name: string) => ({
      components: {
        securitySchemes: {
          read: {
            type: "apiKey",
            "x-amazon-apigateway-authorizer": {
              type: "token",
              authorizerUri: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
            },
          },
        },
      },
    });
    const [only] = differences(spec({}, scheme("read")), spec({}, scheme("open")));
    assert.equal(only?.message, "the authorizer read calls open instead of read");
  });

  it("follows references in circles, and allOf", () => {
    const tree = (type: string) =>
      spec(
        {
          "/a": {
            get: {
              responses: { "200": { description: "x", ...content({ $ref: "#/components/schemas/Tree" }) } },
            },
          },
        },
        {
          components: {
            schemas: {
              Base: object({ name: { type } }),
              Tree: {
                allOf: [
                  { $ref: "#/components/schemas/Base" },
                  object({ inner: { $ref: "#/components/schemas/Tree" } }),
                ],
              },
            },
          },
        },
      );
    assert.deepEqual(
      differences(tree("string"), tree("integer")).map(({ message }) => message),
      ["200.name is integer instead of string"],
    );
    assert.deepEqual(differences(tree("string"), tree("string")), []);
  });
});

describe("rendering differences", () => {
  const list = differences(
    spec({ "/a": { get: { responses: RESPONSES, security: [{ "read-authorizer": [] }] } }, "/b|c": ok }),
    spec({ "/a": ok }),
  );

  it("counts them", () =>
    assert.deepEqual(summarize(list), { added: 0, removed: 1, weakened: 1, tightened: 0, breaking: 1 }));

  it("as text puts what matters in front of the line", () => {
    assert.match(
      renderText(list),
      /^WEAKENED +GET \/a: access read → public\nbreaking +GET \/b\|c: removed\n/,
    );
    assert.equal(renderText([]), "No changes for callers.\n");
  });

  it("as Markdown keeps the table whole and short", () => {
    assert.match(renderMarkdown(list), /\| \*\*WEAKENED\*\* \| `GET \/a` \| access read → public \|/);
    assert.match(renderMarkdown(list), /`GET \/b\\\|c`/);
    assert.match(renderMarkdown(list, 1), /… and 1 more\./);
  });
});
