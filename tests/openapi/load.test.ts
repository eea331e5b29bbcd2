import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { at } from "../../lib/json";
import { check, compile, type Finding, FindingsError, loadDocument, loadText } from "../../openapi";
import { placeholderTargets } from "../../openapi/compile/placeholders";

const HEAD = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n";

function refusal(action: () => unknown): { rules: string[]; where: string; message: string } {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof FindingsError, String(error));
    const [first] = error.findings;
    return {
      rules: error.findings.map(({ rule }) => rule),
      where: first?.where ?? "",
      message: first?.message ?? "",
    };
  }
  return assert.fail("was not refused");
}

describe("loading a text", () => {
  for (const [what, text, rule] of [
    ["an empty file", "", "empty-document"],
    ["a list", "[1]", "not-openapi"],
    ["a sentence", "Hello there", "not-openapi"],
    ["a map without openapi", "{a: 1}", "not-openapi"],
    ["Swagger 2", 'swagger: "2.0"\npaths: {}', "not-openapi"],
    ["OpenAPI 4", "openapi: 4.0.0\npaths: {}", "not-openapi"],
    ["OpenAPI 3.10", "openapi: 3.10.0\npaths: {}", "not-openapi"],
    ["paths that are a list", "openapi: 3.0.0\npaths: []", "not-openapi"],
    ["a document with nothing in it", "openapi: 3.0.0", "not-openapi"],
    ["broken YAML", "openapi: 3.0.0\npaths: {a: [}", "invalid-syntax"],
    ["broken JSON", '{"openapi": "3.0.0", "paths": {', "invalid-syntax"],
    ["two documents", `${HEAD}paths: {}\n---\n{}`, "several-documents"],
    ["a repeated key", `${HEAD}paths: {}\npaths: {}`, "duplicate-key"],
    ["a repeated key in JSON", '{"openapi": "3.0.0", "paths": {"/a": {}, "/a": {}}}', "duplicate-key"],
    ["an alias without anchor", `${HEAD}paths: *nowhere`, "bad-alias"],
    ["an alias inside its own anchor", `${HEAD}paths: &a {b: *a}`, "bad-alias"],
    [
      "deep nesting in JSON",
      `{"openapi": "3.0.0", "paths": ${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`,
      "too-deep",
    ],
    ["deep nesting in YAML", `${HEAD}paths: ${"[".repeat(20_000)}`, "any"],
    [
      "nesting that the parser still takes",
      `${HEAD}paths: {}\nx: ${"[".repeat(450)}${"]".repeat(450)}`,
      "too-deep",
    ],
  ] as const) {
    it(`refuses ${what} with a finding`, () => {
      const { rules } = refusal(() => loadText(text, "api.yaml"));
      if (rule !== "any") assert.equal(rules[0], rule);
    });
  }

  it("tells both lines of a repeated key, once for each", () => {
    const yaml = refusal(() => loadText(`${HEAD}paths:\n  /a: {}\n  /b: {}\n  /a: {}\n`, "api.yaml"));
    assert.deepEqual([yaml.rules.length, yaml.where], [1, "api.yaml:6:3"]);
    assert.match(yaml.message, /first in line 4/);
    const json = refusal(() =>
      loadText('{\n"openapi": "3.0.0",\n"paths": {},\n"paths": {"x": "a:b"}}', "api.json"),
    );
    assert.deepEqual([json.where, /first in line 3/.test(json.message)], ["api.json:4:1", true]);
  });

  it("refuses aliases that blow the document up, at once", () => {
    const levels = Array.from(
      { length: 30 },
      (_, index) => `  a${index}: &a${index} [${`*a${index - 1},`.repeat(index ? 9 : 0)}x]`,
    );
    const { rules } = refusal(() => loadText(`${HEAD}paths: {}\nx-bomb:\n${levels.join("\n")}`));
    assert.equal(rules.at(-1), "alias-bomb");
  });

  it("takes anchors and merge keys for what they stand for", () => {
    const text = `${HEAD}x-base: &base {type: string, format: date}\npaths: {}\ncomponents: {schemas: {A: {<<: *base, format: time}}}`;
    assert.deepEqual(at(loadText(text).root, ["components", "schemas", "A"]), {
      type: "string",
      format: "time",
    });
  });

  it("keeps a version as it is written", () => {
    const document = loadText("openapi: 3.0.3\ninfo: {title: t, version: 1.10}\npaths: {}");
    assert.equal(at(document.root, ["info", "version"]), "1.10");
  });

  it("reads numbers as keys, a byte order mark, and JSON with YAML's freedoms", () => {
    const document = loadText(`\ufeff${HEAD}paths: {/a: {get: {responses: {200: {description: x}}}}}`);
    assert.deepEqual(check(document), []);
    assert.equal(loadText('{"openapi": "3.0.0", "paths": {},}').version, "3.0");
  });

  it("does not let a document reach JavaScript's prototypes", () => {
    loadText(`${HEAD}paths: {}\n__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}`);
    loadText('{"openapi": "3.0.0", "paths": {}, "__proto__": {"polluted": 1}}');
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });

  it("reads flow collections that are indented less than their parent, as js-yaml does, with the text's positions", () => {
    const text = [
      "openapi: 3.0.3",
      "info: {title: t, version: '1'}",
      "paths:",
      "  /search:",
      "    post:",
      "      x-example: {",
      '  "query": { # } in a comment',
      '    "text": "a } in a string",',
      '"list": [',
      "1]",
      "  }",
      "}",
      "      responses: {'200': {description: ok}}",
      "  /next: {get: {responses: {ok: {description: x}}}}",
    ].join("\n");
    const document = loadText(text, "s.yaml");
    assert.deepEqual(at(document.root, ["paths", "/search", "post"]), {
      "x-example": { query: { text: "a } in a string", list: [1] } },
      responses: { "200": { description: "ok" } },
    });
    assert.equal(document.locate(["paths", "/search", "post", "x-example", "query", "list"]), "s.yaml:9:1");
    assert.equal(document.locate(["paths", "/search", "post", "responses"]), "s.yaml:13:7");
    const [finding] = check(document).filter(({ rule }) => rule === "response-status");
    assert.equal(finding?.where, "s.yaml:14:29");
  });

  it("says one thing per line of what is not YAML", () => {
    const { rules } = refusal(() => loadText(`${HEAD}paths: {/a: {\n/b: ]}\n`));
    assert.deepEqual(rules, ["invalid-syntax"]);
  });

  it("reads OpenAPI 3.2 as 3.1, and reports what 3.1 does not have", () => {
    const text =
      "openapi: 3.2.0\ninfo: {title: t, version: '1'}\npaths: {/a: {query: {responses: {'200': {description: x}}}, additionalOperations: {LINK: {responses: {}}}}}";
    const rules = check(loadText(text)).map(({ rule }) => rule);
    assert.deepEqual(rules, ["openapi-version", "http-method", "http-method", "missing-responses"]);
    const { findings } = compile(loadText(text), {}, placeholderTargets({}));
    assert.deepEqual(
      findings.map(({ rule, level }) => `${level} ${rule}`),
      ["warning unsupported-method", "warning unsupported-method"],
    );
  });

  for (const [what, more, how] of [
    ["a plain Swagger 2 document", "", /editor\.swagger\.io/],
    ["an export of API Gateway", "x-amazon-apigateway-policy: {}", /--export-type oas30/],
  ] as const) {
    it(`says how to get OpenAPI 3 of ${what}`, () => {
      assert.throws(() => loadText(`swagger: '2.0'\npaths: {}\n${more}`), how);
    });
  }

  it("shortens names of any length in messages", () => {
    const long = "x".repeat(100_000);
    const text = JSON.stringify({
      openapi: "3.0.0",
      paths: { [`/${long} `]: { get: { operationId: long } } },
    });
    const messages = check(loadText(text)).map(({ message }) => message.length);
    assert.ok(messages.length > 0 && Math.max(...messages) < 1000);
    assert.throws(
      () => loadText(`${HEAD}paths: {}\n? ${long}\n: 1\n? ${long}\n: 2\n`),
      ({ message }: Error) => message.length < 1000,
    );
  });

  it("has no other files to refer to", () => {
    const document = loadText(`${HEAD}paths: {/a: {get: {parameters: [{$ref: './p.yaml'}], responses: {}}}}`);
    assert.ok(check(document).some(({ rule }) => rule === "missing-reference"));
  });
});

describe("loading files that refer to others", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "load-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function files(contents: Record<string, string>): string {
    const root = mkdtempSync(join(folder, "case-"));
    for (const [name, text] of Object.entries(contents)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    return join(root, "api/openapi.yaml");
  }

  it("makes one document of them: schemas under components, the rest in place", () => {
    const file = files({
      "api/openapi.yaml": `${HEAD}paths: {/a: {$ref: 'paths/a.yaml'}}\n`,
      "api/paths/a.yaml":
        "get:\n  parameters: [{$ref: '../shared.yaml#/limit'}]\n  responses: {'200': {description: x, content: {application/json: {schema: {$ref: '../shared.yaml#/Thing'}}}}}\n",
      "api/shared.yaml":
        "limit: {name: limit, in: query, schema: {type: integer}}\nThing: {type: object, properties: {next: {$ref: '#/Thing'}}}\n",
    });
    const { root } = loadDocument(file);
    const get = at(root, ["paths", "/a", "get"]);
    assert.deepEqual(at(get, ["parameters", 0, "name"]), "limit");
    const schema = at(get, ["responses", "200", "content", "application/json", "schema"]);
    assert.deepEqual(schema, { $ref: "#/components/schemas/Thing" });
    assert.deepEqual(at(root, ["components", "schemas", "Thing", "properties", "next"]), schema);
  });

  it("shows places in the file that holds the part", () => {
    const file = files({
      "api/openapi.yaml": `${HEAD}paths: {/a: {$ref: 'a.yaml'}}\n`,
      "api/a.yaml": "get:\n  responses:\n    '200': {description: x}\n  callbacks: {}\n",
    });
    const [finding] = check(loadDocument(file));
    assert.match(finding?.where ?? "", /api\/a\.yaml:4:3$/);
  });

  it("takes names for names, not for keywords", () => {
    const file = files({
      "api/openapi.yaml": `${HEAD}paths: {/a: {get: {responses: {default: {$ref: 'r.yaml'}, '200': {$ref: '#/components/responses/example'}}}}}\ncomponents: {responses: {example: {$ref: 'r.yaml'}, schema: {$ref: 'r.yaml'}}}\n`,
      "api/r.yaml": "description: x\ncontent: {application/json: {example: {$ref: not a reference}}}\n",
    });
    const { root } = loadDocument(file);
    const response = {
      description: "x",
      content: { "application/json": { example: { $ref: "not a reference" } } },
    };
    assert.deepEqual(at(root, ["paths", "/a", "get", "responses", "default"]), response);
    assert.deepEqual(at(root, ["components", "responses"]), { example: response, schema: response });
  });

  it("reads a version without quotes as it is written", () => {
    assert.equal(loadText("openapi: 3.0\npaths: {}\n").root.openapi, "3.0");
    assert.throws(() => loadText("openapi: 3.20\npaths: {}\n"), /"3\.20" is not supported/);
  });

  it("leaves extensions alone, whatever they call a reference, but not what is only named like one", () => {
    const file = files({
      "api/openapi.yaml": `${HEAD}paths: {/a: {get: {x-rules: {$ref: ../rules.yaml}, responses: {'200': {description: x, headers: {x-rate: {$ref: h.yaml}}}}}}}\nx-policy: {list: [{$ref: 'https://example.org/p'}]}\n`,
      "api/h.yaml": "schema: {type: integer}\n",
    });
    const { root } = loadDocument(file);
    assert.deepEqual(root["x-policy"], { list: [{ $ref: "https://example.org/p" }] });
    assert.deepEqual(at(root, ["paths", "/a", "get", "x-rules"]), { $ref: "../rules.yaml" });
    assert.deepEqual(at(root, ["paths", "/a", "get", "responses", "200", "headers"]), {
      "x-rate": { schema: { type: "integer" } },
    });
  });

  it("keeps two schemas of one name apart", () => {
    const use = (name: string) =>
      `{description: x, content: {application/json: {schema: {$ref: '${name}#/Thing'}}}}`;
    const file = files({
      "api/openapi.yaml": `${HEAD}paths: {/a: {get: {responses: {'200': ${use("a.yaml")}, '201': ${use("b.yaml")}}}}}\n`,
      "api/a.yaml": "Thing: {type: string}\n",
      "api/b.yaml": "Thing: {type: integer}\n",
    });
    assert.deepEqual(at(loadDocument(file).root, ["components", "schemas"]), {
      Thing: { type: "string" },
      Thing2: { type: "integer" },
    });
  });

  for (const [what, ref, rule] of [
    ["a file outside the folder", "../secret.yaml", "outside-reference"],
    ["an absolute path", "/etc/passwd", "outside-reference"],
    ["a link that leads outside", "link.yaml", "outside-reference"],
    ["a URL", "https://example.org/a.yaml", "remote-reference"],
    ["a URL without a scheme", "//example.org/a.yaml", "remote-reference"],
    ["a file URL", "file:///etc/passwd", "remote-reference"],
    ["a file that is not there", "none.yaml", "missing-reference"],
    ["a part that is not there", "a.yaml#/none", "missing-reference"],
    ["itself in a circle", "circle.yaml", "circular-reference"],
  ] as const) {
    it(`refuses ${what}`, () => {
      const file = files({
        "secret.yaml": "get: {}\n",
        "api/openapi.yaml": `${HEAD}paths:\n  /a: {$ref: '${ref}'}\n`,
        "api/a.yaml": "get: {}\n",
        "api/circle.yaml": "$ref: circle.yaml\n",
      });
      symlinkSync(join(dirname(dirname(file)), "secret.yaml"), join(dirname(file), "link.yaml"));
      const { rules, where } = refusal(() => loadDocument(file));
      assert.deepEqual(rules, [rule]);
      assert.match(where, rule === "circular-reference" ? /:1:1$/ : /openapi\.yaml:4:\d+$/);
    });
  }

  it("goes on without what cannot be followed where somebody collects it, and says how to bundle", () => {
    const file = files({
      "api/openapi.yaml": `${HEAD}paths: {/a: {$ref: 'https://example.org/a.yaml'}, /ping: {get: {responses: {}}}}\n`,
    });
    const references: Finding[] = [];
    const document = loadDocument(file, undefined, (found) => references.push(...found));
    assert.deepEqual(
      references.map(({ rule }) => rule),
      ["remote-reference"],
    );
    assert.match(references[0]?.message ?? "", /npx @redocly\/cli bundle/);
    assert.ok(check(document).some(({ rule }) => rule === "reserved-path"));
  });

  it("says in one line that a file can't be read", () => {
    assert.deepEqual(refusal(() => loadDocument(join(folder, "none.yaml"))).rules, ["unreadable-file"]);
    assert.deepEqual(refusal(() => loadDocument(folder)).rules, ["unreadable-file"]);
  });
});
