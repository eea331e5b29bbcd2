import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject } from "../../lib/json";
import { adopt, check, compile, diff, loadValue, routesOf } from "../../openapi";
import { shapeOf } from "../../openapi/rest-api/path-template";

const targets = {
  authorizers: {
    read: {
      uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:read/invocations",
      ttlSeconds: 0,
    },
    create: {
      uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:create/invocations",
      ttlSeconds: 60,
    },
  },
  notFound: {
    uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:not-found/invocations",
  },
};
const METHODS = ["get", "post", "put", "delete", "patch", "head", "options"];

const name = fc.constantFrom(
  "id",
  "name",
  "user_id",
  "x-y",
  "a.b",
  "Thing",
  "my thing",
  "toString",
  "__proto__",
  "größe",
);
const segment = fc.oneof(
  fc.constantFrom("a", "b", "things", "v1.0", "x_y", "a:b"),
  fc.constantFrom("{id}", "{name}", "{user_id}", "{x-y}"),
);
const path = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join("/")}`);

const schema: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record(
      {
        type: fc.constantFrom<unknown>(
          "string",
          "integer",
          "null",
          ["string", "null"],
          ["string", "integer"],
        ),
        nullable: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    fc.record({
      $ref: fc
        .constantFrom("Thing", "my thing", "id")
        .map((to) => `#/components/schemas/${encodeURIComponent(to)}`),
    }),
    fc.record(
      {
        enum: fc.array(fc.constantFrom<unknown>("a", 1, null), { minLength: 1 }),
        const: fc.constant(1),
        example: fc.anything(),
      },
      { requiredKeys: [] },
    ),
    fc.record({
      type: fc.constant("object"),
      properties: fc.dictionary(name, tie("schema"), { maxKeys: 3 }),
      required: fc.array(name, { maxLength: 2 }),
    }),
    fc.record({ type: fc.constant("array"), items: tie("schema"), minItems: fc.nat(3) }),
    fc.record({
      anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
      discriminator: fc.constant({ propertyName: "a" }),
    }),
    fc.boolean(),
  ),
})).schema;

const parameter = fc.record({
  name,
  in: fc.constantFrom("query", "header", "cookie", "path"),
  required: fc.boolean(),
  schema,
});
const media = fc.dictionary(fc.constantFrom("application/json", "*/*", "text/csv"), fc.record({ schema }), {
  maxKeys: 2,
});
const responses = fc.dictionary(
  fc.constantFrom("200", "201", "404", "2XX", "default"),
  fc.record({ description: fc.constant("x"), content: media }),
  { maxKeys: 3 },
);
const operation = fc.record(
  {
    operationId: name,
    parameters: fc.array(parameter, { maxLength: 3 }),
    requestBody: fc.record({ content: media }),
    responses,
    security: fc.constantFrom<unknown>([], [{ create: [] }], [{ other: [] }], [{ create: [] }, {}]),
  },
  { requiredKeys: ["responses"] },
);
const item = fc.dictionary(fc.constantFrom(...METHODS), operation, { minKeys: 1, maxKeys: 3 });
const document = fc
  .record({
    openapi: fc.constantFrom("3.0.3", "3.1.0"),
    info: fc.constant({ title: "Generated", version: "1" }),
    paths: fc.dictionary(path, item, { maxKeys: 8 }),
    components: fc.record({ schemas: fc.record({ Thing: schema, "my thing": schema, id: schema }) }),
  })
  // Plain objects without a prototype of fast-check's own
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject)
  .filter(hasNoTwins);

/** Two paths with one method of one resource are refused, which other tests cover. */
function hasNoTwins(value: JsonObject): boolean {
  const seen = Object.entries(value.paths as JsonObject).flatMap(([template, methods]) =>
    Object.keys(methods as object).map((method) => `${method} ${shapeOf(template)}`),
  );
  return new Set(seen).size === seen.length;
}

const made = (value: JsonObject, validate?: "both") =>
  compile(loadValue(structuredClone(value)), validate ? { validate } : {}, targets);

describe("for any spec", () => {
  it("what compile makes has no error under check", () => {
    fc.assert(
      fc.property(document, fc.constantFrom(undefined, "both" as const), (value, validate) => {
        const { definition, findings } = made(value, validate);
        assert.deepEqual(
          findings.filter(({ level }) => level === "error"),
          [],
        );
        const errors = check(loadValue(definition)).filter(({ level }) => level === "error");
        assert.deepEqual(
          errors.map(({ where, message }) => `${where} ${message}`),
          [],
        );
      }),
    );
  });

  it("compiling what adopt takes apart gives the same definition", () => {
    fc.assert(
      fc.property(document, (value) => {
        const { definition } = made(value);
        const { spec, settings, differences } = adopt(loadValue(structuredClone(definition)));
        assert.deepEqual(differences, []);
        const again = compile(loadValue(spec), settings, {
          authorizers: {},
          ...(typeof settings.catchAll !== "object" && { notFound: targets.notFound }),
        });
        assert.deepEqual(
          JSON.parse(JSON.stringify(again.definition)),
          JSON.parse(JSON.stringify(definition)),
        );
      }),
    );
  });

  it("the routes are the spec's, OPTIONS of each path, and the catch-all", () => {
    fc.assert(
      fc.property(document, (value) => {
        const shapes = (routes: { method: string; path: string }[]) =>
          routes.map(({ method, path }) => `${method} ${shapeOf(path)}`).sort();
        const specs = shapes(routesOf(value));
        const all = shapes(made(value).routes);
        const options = all.filter((route) => route.startsWith("OPTIONS"));
        const paths = new Set(Object.keys(value.paths as object).map(shapeOf));
        assert.deepEqual(new Set(options), new Set([...paths].map((path) => `OPTIONS ${path}`)));
        const rest = all.filter((route) => !route.startsWith("OPTIONS") && !route.startsWith("ANY"));
        assert.deepEqual(
          rest,
          specs.filter((route) => !route.startsWith("OPTIONS")),
        );
        assert.ok(all.includes("ANY /") && all.some((route) => /^ANY .*\{\+\}$/.test(route)));
      }),
    );
  });

  it("nothing is public but what the spec itself opens, and OPTIONS and the catch-all", () => {
    fc.assert(
      fc.property(document, (value) => {
        const open = new Set<string>();
        for (const [template, methods] of Object.entries(value.paths as JsonObject)) {
          for (const [method, { security }] of Object.entries(methods as Record<string, JsonObject>)) {
            if (Array.isArray(security) && security.length === 0)
              open.add(`${method.toUpperCase()} ${shapeOf(template)}`);
          }
        }
        for (const { method, path, access } of made(value).routes) {
          if (method === "OPTIONS" || method === "ANY") continue;
          assert.equal(access === "public", open.has(`${method} ${shapeOf(path)}`));
        }
      }),
    );
  });

  it("nothing differs from itself", () => {
    fc.assert(
      fc.property(document, (value) =>
        assert.deepEqual(diff(loadValue(value), loadValue(structuredClone(value))), []),
      ),
    );
  });
});

describe("for any JSON at all", () => {
  it("check, compile and adopt end without an exception", () => {
    const junk = fc.record({
      openapi: fc.constant("3.1.0"),
      info: fc.dictionary(fc.constantFrom("title", "version"), fc.jsonValue()),
      paths: fc.dictionary(
        path,
        fc.oneof(
          fc.jsonValue(),
          fc.dictionary(
            fc.constantFrom(...METHODS, "parameters", "$ref"),
            fc.oneof(
              fc.jsonValue(),
              fc.dictionary(
                fc.constantFrom(
                  "parameters",
                  "responses",
                  "requestBody",
                  "security",
                  "x-amazon-apigateway-integration",
                ),
                fc.jsonValue(),
              ),
            ),
          ),
        ),
      ),
      components: fc.dictionary(
        fc.constantFrom("schemas", "securitySchemes", "responses"),
        fc.oneof(fc.jsonValue(), fc.dictionary(name, fc.jsonValue())),
      ),
      security: fc.jsonValue(),
      servers: fc.jsonValue(),
    });
    fc.assert(
      fc.property(junk, (value) => {
        const load = () => loadValue(JSON.parse(JSON.stringify(value)));
        check(load());
        assert.ok(Array.isArray(compile(load(), {}, targets).changes));
        adopt(load());
        diff(load(), load());
      }),
      { numRuns: 300 },
    );
  });
});
