import assert from "node:assert/strict";
import { evaluateJsonPath } from "../../../../gateway/rest-api/mapping/json-path";
import { gatewayFor, openapi, operation, type TestGateway } from "../support";

/** An API whose paths echo what their templates render. */
function echoing(templates: Record<string, string>): TestGateway {
  return gatewayFor({
    definition: openapi(
      Object.fromEntries(
        Object.entries(templates).map(([path, template]) => [
          path,
          {
            post: operation({
              type: "aws",
              httpMethod: "POST",
              uri: "arn:aws:apigateway:us-east-1:sqs:path/1/q",
              requestTemplates: { "application/json": template },
              responses: { default: { statusCode: "200" } },
            }),
          },
        ]),
      ),
    ),
    services: { sqs: async ({ body }) => ({ body, headers: { "Content-Type": "application/json" } }) },
  });
}

/** Sets the process's marker if any code of the template's choosing runs. */
const CODE = "globalThis.escaped = true";
const marker = globalThis as { escaped?: boolean };

/** Names through which a JavaScript value can be escaped. */
const NAMES = [
  "constructor",
  "__proto__",
  "prototype",
  "valueOf",
  "toString",
  "hasOwnProperty",
  "call",
  "apply",
  "bind",
  "__defineGetter__",
  "__lookupGetter__",
  "functions",
  "entries",
  "process",
  "require",
];

describe("mapping templates are isolated", () => {
  afterEach(() => assert.equal(marker.escaped, undefined));

  it("the way out by $util.valueOf and __proto__ is closed [security review, 2]", async () => {
    const seen = await echoing({
      "/x": `#set($m = $util.valueOf())#set($f = $m.urlEncode)#set($m["__proto__"] = $f)#set($c = $util.constructor("${CODE}"))#set($m.run = $c)ran: $util.run()`,
    }).request({ path: "/x", method: "POST", body: "{}" });
    assert.equal(seen.text, "ran: ");
  });

  it("no inherited name of any value is a property or a method", async () => {
    const values = [
      "$util",
      "$input",
      "$context",
      "$stageVariables",
      "$context.requestOverride",
      "$context.requestOverride.header",
      "$context.responseOverride",
      "$input.params()",
      "$input.path('$')",
      "$input.path('$.l')",
      "$input.path('$.s')",
      "$input.path('$.n')",
      "$input.path('$.d')",
      "$input.path('$.b')",
      "$input.path('$').entrySet().get(0)",
      "$input.path('$').keySet().iterator()",
      "[1]",
      "{'a': 1}",
      "$foreach",
    ];
    const tests = values.flatMap((value) =>
      NAMES.filter(
        (name) =>
          name !== "toString" && name !== "entries" && !(name === "valueOf" && /'\$\.[snd]'/.test(value)),
      ).map(
        (name) =>
          `#set($v = ${value})#set($p = $v.${name})$!p#set($p = $v["${name}"])$!p#set($p = $v.${name}('${CODE}'))$!p#set($p = $v.${name}('${CODE}').call())$!p`,
      ),
    );
    assert.ok(tests.length > 200);
    const seen = await echoing({ "/x": `[${tests.join("")}]` }).request({
      path: "/x",
      method: "POST",
      body: '{"l":[1],"s":"x","n":1,"d":1.5,"b":true}',
    });
    assert.equal(seen.status, 200);
    assert.equal(seen.text, "[]");
  });

  it("__proto__ is a key like any other, in JSON and in templates", async () => {
    const gateway = echoing({
      "/x": `#set($m = {})#set($m["__proto__"] = {"polluted": "yes"})#set($n = $util.parseJson('{"__proto__":{"polluted":"yes"}}'))$m $n $m.polluted$n.polluted#set($context.requestOverride.header["__proto__"] = "v")`,
    });
    const seen = await gateway.request({ path: "/x", method: "POST", body: "{}" });
    assert.equal(seen.text, "{__proto__={polluted=yes}} {__proto__={polluted=yes}} ");
    assert.equal(({} as { polluted?: string }).polluted, undefined);
  });

  it("no state survives a request, of this API or of another", async () => {
    const change = `#set($util.urlEncode = "gone")#set($m = $util)#set($m.urlEncode = "gone")#set($input.body = "gone")#set($stageVariables.v = "gone")#set($context.stage = "gone")#set($x = "left")#macro(left)left#end$util.put("urlEncode", "gone")`;
    const check = `$util.urlEncode('a b') $!x $context.stage $input.body #left()`;
    const [first, second] = [echoing({ "/change": change, "/check": check }), echoing({ "/check": check })];
    await first.request({ path: "/change", method: "POST", body: "{}" });
    for (const gateway of [first, second])
      assert.equal(
        (await gateway.request({ path: "/check", method: "POST", body: "{}" })).text,
        "a+b  test {} #left()",
      );
  });

  it("a loop without end, a deep recursion and a huge list fail instead of hanging", async () => {
    const gateway = echoing({
      "/a": "#macro(m)#m()#end#m()",
      "/b": "#define($d)$d#end$d",
      "/c": `#set($e = '#evaluate($e)')#evaluate($e)`,
      "/d": "#foreach($i in [1..2000000000])x#end",
      "/e": `#set($s = 'x')$s.format('%999999999s', 1)`,
      "/f": `${"(".repeat(50_000)}#if(${"(".repeat(50_000)}1${")".repeat(50_000)})x#end`,
      "/g": `$input.json('${"[0]".repeat(20_000)}')`,
    });
    for (const path of ["/a", "/b", "/c", "/d", "/e", "/f"])
      assert.equal((await gateway.request({ path, method: "POST", body: "{}" })).status, 500, path);
    assert.ok(
      (await gateway.request({ path: "/g", method: "POST", body: "[".repeat(100_000) })).status <= 500,
    );
  });

  it("JSONPath runs no code and reaches no prototype", () => {
    const json = new Map<string, unknown>([["a", [new Map([["b", 1]])]]]);
    for (const path of [
      `$.a[?(${CODE})]`,
      `$.a[?(@.constructor.constructor("${CODE}")())]`,
      `$..[?(@.b == (${CODE}))]`,
      `$[(${CODE})]`,
      `$.a[(@.length-1)]`,
      "$.constructor",
      "$.a.constructor",
      "$['__proto__']",
      "$..constructor",
      "$.a.length",
    ]) {
      let found: unknown;
      try {
        found = evaluateJsonPath(json, path);
      } catch (error) {
        assert.ok(error instanceof SyntaxError, path);
      }
      assert.ok(
        found === undefined || (Array.isArray(found) && found.length === 0),
        `${path}: ${String(found)}`,
      );
    }
  });

  it("2,000 random templates of such names run no code and leave no trace", async function () {
    this.timeout(60_000);
    const seed = Number(process.env.FUZZ_SEED ?? 20_261_125);
    const random = generator(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const reference = (): string => {
      const name = pick(["util", "input", "context", "stageVariables", "m", "v", "w", "foreach"]);
      const steps = Array.from({ length: Math.floor(random() * 4) }, () => {
        const step = pick([
          ...NAMES,
          "json",
          "path",
          "params",
          "urlEncode",
          "put",
          "get",
          "entrySet",
          "iterator",
          "next",
          "replaceAll",
          "format",
          "split",
          "requestOverride",
          "header",
        ]);
        return pick([
          `.${step}`,
          `.${step}(${argument()})`,
          `.${step}(${argument()}, ${argument()})`,
          `["${step}"]`,
        ]);
      });
      return `$${name}${steps.join("")}`;
    };
    const argument = (): string =>
      pick([`"${CODE}"`, `'$.${pick(NAMES)}'`, "1", "$v", "$m", `"${pick(NAMES)}"`, "[$m]", "{'a': $v}"]);
    const statement = (): string =>
      pick([
        () => reference(),
        () => `#set(${reference()} = ${reference()})`,
        () => `#set(${reference()} = ${argument()})`,
        () => `#foreach($v in ${reference()})$v.${pick(NAMES)}(${argument()})#end`,
        () => `#evaluate("${reference().replaceAll('"', "'")}")`,
        () => `#if(${reference()})${reference()}#end`,
        () => `#define($w)${reference()}#end`,
      ])();
    const globals = Object.getOwnPropertyNames(globalThis).sort().join();
    const prototypes = [Object, Array, Map, Function, String, Number].map((type) =>
      Object.getOwnPropertyNames(type.prototype).sort().join(),
    );
    const rendered = new Map<number, number>();
    for (let round = 0; round < 20; round += 1) {
      const templates = Object.fromEntries(
        Array.from({ length: 100 }, (_, index) => [
          `/t${index}`,
          `#set($m = $util)#set($v = $input.path('$'))${Array.from({ length: 4 }, statement).join("\n")}`,
        ]),
      );
      const gateway = echoing({ ...templates, "/check": "$util.urlEncode('a b') $context.stage" });
      for (const path of Object.keys(templates)) {
        const { status } = await gateway.request({ path, method: "POST", body: '{"a":[1,{"b":"c"}]}' });
        rendered.set(status, (rendered.get(status) ?? 0) + 1);
      }
      assert.equal(marker.escaped, undefined, `seed ${seed}`);
      assert.equal(
        (await gateway.request({ path: "/check", method: "POST", body: "{}" })).text,
        "a+b test",
        `seed ${seed}`,
      );
    }
    assert.equal(Object.getOwnPropertyNames(globalThis).sort().join(), globals);
    assert.deepEqual(
      [Object, Array, Map, Function, String, Number].map((type) =>
        Object.getOwnPropertyNames(type.prototype).sort().join(),
      ),
      prototypes,
    );
    // Most templates have to render for the trial to mean anything.
    assert.ok((rendered.get(200) ?? 0) > 1000, JSON.stringify([...rendered]));
  });
});

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}
