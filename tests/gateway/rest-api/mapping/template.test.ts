import assert from "node:assert/strict";
import { javaValue } from "../../../../gateway/rest-api/mapping/java-values";
import { compileTemplate } from "../../../../gateway/rest-api/mapping/velocity";
import { gatewayFor, lambdaUri, openapi, operation, type Sent } from "../support";

const PATH = "recorded: test_input_path_template_formatting";
const BODY = "recorded: test_input_body_formatting";
const REFERENCE = "developer guide, mapping template reference";
const VTL = "Velocity user guide";

/** What a request template renders: the event that an echoing function receives. */
async function rendered(template: string, sent: Sent = {}, options: object = {}): Promise<string> {
  const gateway = gatewayFor({
    definition: openapi({
      "/x/{id}": {
        post: operation({
          type: "mock",
          requestTemplates: { "application/json": '{"statusCode":200}' },
          responses: { default: { statusCode: "200", responseTemplates: { "application/json": "unused" } } },
        }),
      },
      "/{proxy+}": {
        "x-amazon-apigateway-any-method": operation({
          type: "aws",
          httpMethod: "POST",
          uri: "arn:aws:apigateway:us-east-1:sqs:path/1/q",
          requestTemplates: { "application/json": template },
          responses: { default: { statusCode: "200" } },
        }),
      },
    }),
    services: {
      sqs: async ({ body }: { body: Buffer }) => ({ body, headers: { "Content-Type": "application/json" } }),
    },
    ...options,
  });
  const seen = await gateway.request({ path: "/p", method: "POST", ...sent });
  assert.equal(seen.status, 200, seen.text);
  return seen.text;
}

interface Case {
  source: string;
  template: string;
  body?: unknown;
  wanted: string;
  sent?: Sent;
}

const NULLS =
  '{"body": $result, "nested": $result.nested, "isNull": #if( $result == $null )"true"#else"false"#end, "isEmptyString": #if( $result == "" )"true"#else"false"#end}';

const CASES: Case[] = [
  {
    source: PATH,
    template: '#set($result = $input.path("$"))$result',
    body: { foo: "bar" },
    wanted: "{foo=bar}",
  },
  {
    source: PATH,
    template: '#set($result = $input.path("$"))$result',
    body: [{ foo: "bar" }],
    wanted: '[{"foo":"bar"}]',
  },
  {
    source: PATH,
    template: '#set($result = $input.path("$"))$result.nested',
    body: { nested: { foo: "bar" } },
    wanted: "{foo=bar}",
  },
  {
    source: PATH,
    template: '#set($result = $input.path("$"))$result.nested',
    body: { nested: [{ foo: "bar" }] },
    wanted: '[{"foo":"bar"}]',
  },
  {
    source: PATH,
    template: '#set($result = $input.path("$"))$result[0]',
    body: [{ foo: "bar" }],
    wanted: "{foo=bar}",
  },
  {
    source: PATH,
    template: '#set($result = $input.path("$"))$result[0]',
    body: [[{ foo: "bar" }]],
    wanted: '[{"foo":"bar"}]',
  },
  {
    source: PATH,
    template: '#set($result = $input.path("$"))$result',
    body: { foo: [{ nested: "bar" }] },
    wanted: '{foo=[{"nested":"bar"}]}',
  },
  {
    source: PATH,
    template: '#set($result = $input.path("$"))$result',
    body: { bigger: "dict", to: "test", with: "separators" },
    wanted: "{bigger=dict, to=test, with=separators}",
  },
  {
    source: PATH,
    template: '#set($result = $input.path("$"))$result.toString()',
    body: { foo: "bar" },
    wanted: "{foo=bar}",
  },
  {
    source: PATH,
    template: '#set($result = $input.path("$"))$result.toString()',
    body: { list: [{ foo: "bar" }] },
    wanted: '{list=[{"foo":"bar"}]}',
  },
  {
    source: PATH,
    template: `#set($result = $input.path("$.nonExisting"))${NULLS}`,
    wanted: '{"body": , "nested": , "isNull": "true", "isEmptyString": "true"}',
  },
  {
    source: PATH,
    template: `#set($result = $input.path("$.listValue"))${NULLS}`,
    body: { listValue: [] },
    wanted: '{"body": [], "nested": , "isNull": "false", "isEmptyString": "false"}',
  },
  {
    source: PATH,
    template: `#set($result = $input.path("$.listValue"))${NULLS}`,
    body: { listValue: null },
    wanted: '{"body": , "nested": , "isNull": "true", "isEmptyString": "true"}',
  },
  { source: BODY, template: "#set($result = $input.body)$result", wanted: "{}" },
  {
    source: BODY,
    template: "#set($result = $input.body)$result",
    body: "some raw data",
    wanted: "some raw data",
  },
  {
    source: BODY,
    template: "Action=SendMessage&MessageBody=$input.body",
    wanted: "Action=SendMessage&MessageBody={}",
  },
  {
    source: BODY,
    template: "Action=SendMessage&MessageBody=$input.body",
    body: '{"some": "value"}',
    wanted: 'Action=SendMessage&MessageBody={"some": "value"}',
  },
  {
    source: BODY,
    template:
      "EncodedBody=$util.urlEncode($input.body)&EncodedBodyAccess=$util.urlEncode($input.body.testAccess)",
    wanted: "EncodedBody=%7B%7D&EncodedBodyAccess=",
  },
  {
    source: BODY,
    template:
      "EncodedBody=$util.urlEncode($input.body)&EncodedBodyAccess=$util.urlEncode($input.body.testAccess)",
    body: '{"some": "value"}',
    wanted: "EncodedBody=%7B%22some%22%3A+%22value%22%7D&EncodedBodyAccess=",
  },
  {
    source: BODY,
    template: "EncodedBody=$util.urlEncode($input.body)&EncodedBodyAccess=",
    body: "some raw data",
    wanted: "EncodedBody=some+raw+data&EncodedBodyAccess=",
  },
  { source: REFERENCE, template: "$input.json('$.pets')", body: { pets: [{ id: 1 }] }, wanted: '[{"id":1}]' },
  {
    source: "JSON numbers keep their spelling",
    template: "$input.json('$')",
    body: '{ "a" : 1.0, "big" : 12345678901234567890, "s" : "x \\" y" }',
    wanted: '{"a":1.0,"big":12345678901234567890,"s":"x \\" y"}',
  },
  { source: "a body that is not JSON", template: "$input.json('$')", body: "no JSON", wanted: '""' },
  { source: REFERENCE, template: "$input.json('$.name')", body: { name: "x" }, wanted: '"x"' },
  {
    source: "LocalStack unit test test_apply_template_no_json_payload",
    template: "$input.json('$.message')",
    body: '"#foobar123"',
    wanted: '""',
  },
  {
    source: "LocalStack unit test test_apply_template_no_json_payload_non_quoted",
    template: "$input.json('$.message')",
    body: "not json",
    wanted: '""',
  },
  {
    source: "LocalStack unit test test_apply_template",
    template: "$util.escapeJavaScript($input.json('$.message'))",
    body: { message: "foobar" },
    wanted: '\\"foobar\\"',
  },
  {
    source: REFERENCE,
    template: "$input.path('$.pets').size() $input.path('$.pets').count()",
    body: { pets: [1, 2, 3] },
    wanted: "3 3",
  },
  {
    source: REFERENCE,
    template: "$input.path('$.things').size()",
    body: { things: { 1: {}, 2: {}, 3: {} } },
    wanted: "3",
  },
  {
    source: REFERENCE,
    template: "$input.json('$.pets[*].id')",
    body: { pets: [{ id: 1 }, { id: 2 }] },
    wanted: "[1,2]",
  },
  {
    source: REFERENCE,
    template: "$input.json('$.pets[?(@.price > 100)].type')",
    body: {
      pets: [
        { type: "dog", price: 249.99 },
        { type: "fish", price: 0.99 },
      ],
    },
    wanted: '["dog"]',
  },
  {
    source: REFERENCE,
    template: "$input.json('$..id')",
    body: { a: { id: 1 }, b: [{ id: 2 }] },
    wanted: "[1,2]",
  },
  { source: REFERENCE, template: "$input.json(\"$['a b']\")", body: { "a b": 1 }, wanted: "1" },
  {
    source: REFERENCE,
    template: "$input.params('q')|$input.params('proxy')|$input.params('H')|$input.params('none')",
    sent: { path: "/p?q=1", headers: { H: "h" } },
    wanted: "1|p|h|",
  },
  {
    source: REFERENCE,
    template: "$input.params('x')",
    sent: { path: "/p?x=query", headers: { x: "header" } },
    wanted: "query",
  },
  {
    source: REFERENCE,
    template: "$input.params().querystring.get('a') $input.params().path.proxy $input.params().header['X-Y']",
    sent: { path: "/p?a=b", headers: { "X-Y": "z" } },
    wanted: "b p z",
  },
  {
    source: REFERENCE,
    template: `#set($allParams = $input.params())
{"params" : {
#foreach($type in $allParams.keySet())
#set($params = $allParams.get($type))
"$type" : {
#foreach($paramName in $params.keySet())
"$paramName" : "$util.escapeJavaScript($params.get($paramName))"
#if($foreach.hasNext),#end
#end
}
#if($foreach.hasNext),#end
#end
}}`,
    sent: { path: "/p?q=1" },
    wanted: JSON.stringify({
      params: { path: { proxy: "p" }, querystring: { q: "1" }, header: { Host: "api.example.org" } },
    }),
  },
  {
    source: REFERENCE,
    template:
      "#set ($errorMessageObj = $util.parseJson($input.path('$.errorMessage'))){\"errorMessageObjKey2ArrVal\" : $errorMessageObj.key2.arr[0]}",
    body: { errorMessage: '{"key1":"var1","key2":{"arr":[1,2,3]}}' },
    wanted: '{"errorMessageObjKey2ArrVal" : 1}',
  },
  {
    source: REFERENCE,
    template: `$util.escapeJavaScript($input.path('$.a')).replaceAll("\\\\'","'")`,
    body: { a: `it's "x"` },
    wanted: `it's \\"x\\"`,
  },
  {
    source: REFERENCE,
    template: "$util.escapeJavaScript($input.path('$.a'))",
    body: { a: "it's\n" },
    wanted: "it\\'s\\n",
  },
  {
    source: REFERENCE,
    template: "$util.urlDecode('x=a+b%21') $util.base64Encode('hi') $util.base64Decode('aGk=')",
    wanted: "x=a b! aGk= hi",
  },
  {
    source: "LocalStack unit test test_render_template_values",
    template: "$util.urlEncode('x=a+b')",
    wanted: "x%3Da%2Bb",
  },
  {
    source: REFERENCE,
    template:
      "$context.stage $context.httpMethod $context.resourcePath $context.path $context.identity.sourceIp $context.identity.userAgent",
    sent: { headers: { "User-Agent": "ua" } },
    wanted: "test POST /{proxy+} /test/p 127.0.0.1 ua",
  },
  { source: REFERENCE, template: "$context.authorizer.principalId$context.identity.apiKey", wanted: "" },
];

/** The Velocity language itself, on a plain scope. */
const LANGUAGE: [template: string, wanted: string, scope?: Record<string, unknown>][] = [
  ["$a ${a} $!a $!{a} $none $!none", "1 1 1 1  ", { a: 1 }],
  ["#set($x = 1 + 2 * 3)$x", "7"],
  ["#set($x = (1 + 2) * 3)$x", "9"],
  ["#set($x = 7 / 2)$x #set($y = 7 % 2)$y", "3 1"],
  ["#set($x = 1.5 + 1)$x", "2.5"],
  ['#set($x = "a" + "b")$x', "ab"],
  ['#set($n = "v")#set($x = "is $n")$x', "is v"],
  ["#set($n = \"v\")#set($x = 'is $n')$x", "is $n"],
  ["#if($a)yes#{else}no#end", "no", { a: false }],
  ["#if($a)yes#{else}no#end", "no"],
  ["#if($a)yes#{else}no#end", "yes", { a: "text" }],
  ["#if($a)yes#{else}no#end", "no", { a: "" }],
  ["#if($a)yes#{else}no#end", "no", { a: 0 }],
  ["#if($a)yes#{else}no#end", "no", { a: [] }],
  ["#if($a)yes#{else}no#end", "no", { a: {} }],
  ["#if($a)yes#{else}no#end", "yes", { a: [0] }],
  ["#if(!$a && 1 < 2)yes#end", "yes"],
  ["#if($a == 1)one#elseif($a == 2)two#{else}more#end", "two", { a: 2 }],
  ['#if($a == "x" || $a == "y")in#end', "in", { a: "y" }],
  ["#if(3 >= 3 && 2 != 3)yes#end", "yes"],
  ["#foreach($i in [1..3])$i#if($foreach.hasNext),#end#end", "1,2,3"],
  ["#foreach($i in [3..1])$i#end", "321"],
  ["#foreach($i in ['a','b'])$foreach.index$foreach.count$velocityCount$i #end", "011a 122b "],
  ["#foreach($i in $list)#if($i == 2)#break#end$i#end", "1", { list: [1, 2, 3] }],
  ["#foreach($v in $map)$v#end", "12", { map: { a: 1, b: 2 } }],
  ["#foreach($e in $map.entrySet())$e.key=$e.value;$e.getKey()#end", "a=1;a", { map: { a: 1 } }],
  ["#foreach($i in $none)x#{end}done", "done"],
  ["#set($m = {'a': 1, 'b': 'x'})$m.a $m.b $m.get('a') $m", "1 x 1 {a=1, b=x}"],
  ["#set($l = ['a', 'b'])$l $l.size() $l.get(1) $l[0] $l.contains('a')", "[a, b] 2 b a true"],
  ["#set($m = {})#set($m.k = 'v')#set($m['q'] = 'w')$m", "{k=v, q=w}"],
  ["#set($l = [])#set($ok = $l.add('x'))$l $l.isEmpty()", "[x] false"],
  [
    "#set($s = 'Hello')$s.length() $s.toUpperCase() $s.substring(1,3) $s.contains('ell') $s.indexOf('l') $s.replace('l','L')",
    "5 HELLO el true 2 HeLLo",
  ],
  ["#set($s = 'a,b,,c')$s.split(',').size() $s.split(',').get(3)", "4 c"],
  [
    "#set($s = 'x1y22')$s.replaceAll('[0-9]+','#') $s.matches('[a-z0-9]+') $s.startsWith('x1') $s.endsWith('2')",
    "x#y# true true true",
  ],
  [
    "#set($s = ' t ')[$s.trim()] $s.isEmpty() $s.equals(' t ') $s.equalsIgnoreCase(' T ')",
    "[t] false true true",
  ],
  ["#set($i = 0)#set($n = $i.parseInt('42') + 1)$n", "43"],
  ["#macro(twice $x)$x$x#end#twice('a')", "aa"],
  ["#define($block)[$v]#end#set($v = 1)$block#set($v = 2)$block", "[1][2]"],
  ["## nothing\n#* nor\nthis *#seen", "seen"],
  ["#[[$raw #if]]#", "$raw #if"],
  ["a#stop b", "a"],
  ["costs $5 or #1", "costs $5 or #1"],
  ["#set($x = 'a')#evaluate('[$x]')", "[a]"],
  ["$a.b.c.d", "", { a: { b: 1 } }],
  ["$a.unknown('x')", "", { a: "text" }],
];

describe("mapping templates", () => {
  for (const { source, template, body, wanted, sent } of CASES) {
    it(`${template.slice(0, 70)} of ${JSON.stringify(body)} [${source}]`, async () => {
      const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
      const got = await rendered(template, { ...(text === undefined ? {} : { body: text }), ...sent });
      if (wanted.startsWith('{"params"'))
        assert.deepEqual(JSON.parse(got), withoutLength(JSON.parse(wanted)));
      else assert.equal(got, wanted);
    });
  }
  for (const [template, wanted, scope = {}] of LANGUAGE) {
    it(`${template.replaceAll("\n", "\\n")} [${VTL}]`, () =>
      assert.equal(compileTemplate(template).render(javaValue(scope) as Map<string, unknown>), wanted));
  }

  it("a template that is not VTL fails with 500 when it is used", async () => {
    const gateway = gatewayFor({
      definition: openapi({
        "/a": {
          get: operation({
            type: "aws",
            httpMethod: "POST",
            uri: lambdaUri("f"),
            requestTemplates: { "application/json": "#if($x" },
            responses: { default: { statusCode: "200" } },
          }),
        },
      }),
      functions: { f: async () => 1 },
    });
    assert.equal((await gateway.request("/a")).status, 500);
  });
});

const withoutLength = (value: unknown): unknown => value;
