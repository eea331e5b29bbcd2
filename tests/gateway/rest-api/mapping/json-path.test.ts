import assert from "node:assert/strict";
import { toJson } from "../../../../gateway/rest-api/mapping/java-values";
import { parseJson } from "../../../../gateway/rest-api/mapping/json";
import { evaluateJsonPath } from "../../../../gateway/rest-api/mapping/json-path";

const DOCUMENT = `{
  "l": [1, 2, 3, 4], "s": "text", "a": {"@type": "t", "ns:name": "n", "größe": 5, "b c": 6, "a.b": 7},
  "big": 12345678901234567890, "id": 9007199254740993, "one": 1.0, "exp": 1e3, "nothing": null,
  "items": [
    {"n": "xa", "p": 8, "tags": ["red"], "more": {"n": "deep"}},
    {"n": "yb", "p": 12, "tags": []},
    {"n": "Xc", "p": "8"}
  ]
}`;

/** JSON of what a path finds; undefined for nothing. */
const find = (path: string, text = DOCUMENT): string | undefined => {
  const found = evaluateJsonPath(parseJson(text), path);
  return found === undefined ? undefined : toJson(found);
};

describe("JSONPath [Jayway JsonPath, README and source]", () => {
  for (const [path, wanted] of [
    ["$.s", '"text"'],
    ["s", '"text"'],
    ["$['s']", '"text"'],
    ["$.nothing", "null"],
    ["$.missing", undefined],
    ["$.l.s", undefined],
    ["$.l[0]", "1"],
    ["$.l[ 0 ]", "1"],
    ["$.l[-1]", "4"],
    ["$.l[4]", undefined],
    ["$.l[-5]", undefined],
    ["$.l[0,2]", "[1,3]"],
    ["$.l[1:3]", "[2,3]"],
    ["$.l[:2]", "[1,2]"],
    ["$.l[2:]", "[3,4]"],
    ["$.l[-2:]", "[3,4]"],
    ["$.l[:-1]", "[1,2,3]"],
    ["$.l[1:-1]", "[]"],
    ["$.l[-2:2]", "[3,4,1,2]"],
    ["$.l[9][*]", "[]"],
    ["$.s[*]", "[]"],
    ["$.missing[*].n", undefined],
    ["$.missing[0]", undefined],
    ["$.missing[1:]", undefined],
    ["$.missing[?(@.n)]", undefined],
    ["$.s['a','b']", undefined],
    ["$.items[*].missing", "[]"],
    ["$.items[*].missing[0]", "[]"],
    ["$.l[*]", "[1,2,3,4]"],
    ["$.a.@type", '"t"'],
    ["$.a.ns:name", '"n"'],
    ["$.a.größe", "5"],
    ["$.a['b c']", "6"],
    ["$.a['a.b']", "7"],
    ["$['s','one']", '{"s":"text","one":1.0}'],
    ["$.items[*]['n','p']", '[{"n":"xa","p":8},{"n":"yb","p":12},{"n":"Xc","p":"8"}]'],
    ["$.items[0]['tags','more'].n", '["deep"]'],
    ["$..n", '["xa","deep","yb","Xc"]'],
    ["$.items..tags[0]", '["red"]'],
    ["$..missing", "[]"],
    ["$.big", "12345678901234567890"],
    ["$.id", "9007199254740993"],
    ["$.one", "1.0"],
    ["$.exp", "1000.0"],
  ] as const)
    it(`${path} is ${wanted ?? "nothing"}`, () => assert.equal(find(path), wanted));

  for (const [path, wanted] of [
    ["$.l.length()", "4"],
    ["$.s.length()", "null"],
    ["$.items[0].length()", "4"],
    ["$.l.sum()", "10.0"],
    ["$.l.min()", "1.0"],
    ["$.l.max()", "4.0"],
    ["$.l.avg()", "2.5"],
    ["$.l.stddev()", "1.118033988749895"],
    ["$.items[1].keys()", '["n","p","tags"]'],
    ["$.l.first()", "1"],
    ["$.l.last()", "4"],
    ["$.l.index(-2)", "3"],
    ["$.l.append(5)", "[1,2,3,4,5]"],
    ['$.a.concat($.s, "!")', '"text!"'],
  ] as const)
    it(`the function ${path} is ${wanted}`, () => assert.equal(find(path), wanted));

  for (const [filter, wanted] of [
    ["@.p > 8", '["yb"]'],
    ["@.p >= 8", '["xa","yb"]'],
    ["@.p == 8", '["xa","Xc"]'],
    ["@.p === 8", '["xa"]'],
    ["@.p != 8", '["yb"]'],
    ["@.n =~ /x.*/", '["xa"]'],
    ["@.n =~ /x.*/i", '["xa","Xc"]'],
    ["@.n =~ /x/", "[]"],
    ["@.n in ['xa', 'yb']", '["xa","yb"]'],
    ["@.n nin ['xa', 'yb']", '["Xc"]'],
    ["@.tags contains 'red'", '["xa"]'],
    ["@.n contains 'b'", '["yb"]'],
    ["@.tags size 1", '["xa"]'],
    ["@.tags empty true", '["yb"]'],
    ["@.tags empty false", '["xa"]'],
    ["@.tags subsetof ['red', 'blue']", '["xa","yb"]'],
    ["@.tags anyof ['red']", '["xa"]'],
    ["@.tags noneof ['red']", '["yb"]'],
    ["@.more", '["xa"]'],
    ["!@.more", '["yb","Xc"]'],
    ["@.more.n == 'deep' && @.p < 10", '["xa"]'],
    ["@.p > 100 || (@.n == 'yb' && !(@.p == 1))", '["yb"]'],
    ["@.p == $.items[1].p", '["yb"]'],
    ["@['n'] == \"Xc\"", '["Xc"]'],
    ["@.tags.length() == 1", '["xa"]'],
    ["@.missing == null", "[]"],
    ["@.missing == @.missing", "[]"],
    ["@.missing != 1", '["xa","yb","Xc"]'],
  ] as const)
    it(`the filter ${filter} finds ${wanted}`, () => assert.equal(find(`$.items[?(${filter})].n`), wanted));

  it("a filter after a deep scan finds each object once", () => {
    assert.equal(find("$..[?(@.n)].n"), '["xa","deep","yb","Xc"]');
  });

  for (const path of [
    "$.",
    "$..",
    "$.l[",
    "$.l[x]",
    "$.l[:]",
    "$.a b",
    "$[?(@.x ==)]",
    "$[?(@.x == 1]",
    "$.l.unknown()",
    "$x",
    "$['a",
  ])
    it(`${path} is refused`, () => assert.throws(() => find(path), SyntaxError));

  it("a filter of a text or a number fails", () =>
    assert.throws(() => find("$.s[?(@.a)]"), /cannot be applied/));

  it("a function without numbers fails", () => assert.throws(() => find("$.a.sum()"), /empty array/));
});

describe("JSON as Java reads it", () => {
  for (const text of [
    '{"a":[1,2.5,"x",true,false,null,{"b":[]}],"c":{}}',
    "12345678901234567890",
    "-0.5",
    '"\\u00fc \\n \\" /"',
  ])
    it(`${text} is what JSON.parse reads`, () =>
      assert.deepEqual(JSON.parse(toJson(parseJson(text))), JSON.parse(text)));
  for (const text of [
    "",
    "{",
    "[1,]",
    "{a:1}",
    "{'a':1}",
    "01",
    "1 2",
    "[1",
    '{"a"}',
    "tru",
    '"a',
    "{,}",
    "[,]",
  ])
    it(`${JSON.stringify(text)} is refused`, () => assert.throws(() => parseJson(text), SyntaxError));
  it("the last of equal keys is kept, and __proto__ is a key like any other", () => {
    assert.equal(toJson(parseJson('{"a":1,"__proto__":{"b":2},"a":3}')), '{"a":3,"__proto__":{"b":2}}');
  });
});
