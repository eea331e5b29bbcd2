import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { writeYaml } from "../../openapi/write-yaml";

describe("the YAML that is written", () => {
  for (const text of [
    "A:\n  - `x` - Set this to true when the record has to be kept for ten years or longer.\n  \nNext conditions:\n  - `y`",
    "  \n",
    "  \nfirst line is blank",
    '   \n  #set($x = 1)\n{"a": $x}\n',
    "\ta\n\n b ",
    "a\r\nb",
    "\u2028x",
    "\n\n",
    " # not a comment",
    "x".repeat(500),
  ]) {
    it(`is read as it was: ${JSON.stringify(text).slice(0, 40)}`, () => {
      assert.deepEqual(parse(writeYaml({ a: { description: text } })), { a: { description: text } });
    });
  }

  it("quotes what YAML 1.1, which AWS and Swagger UI read, would make something else of", () => {
    const values = ["yes", "no", "on", "2020-01-01", "012", "1e3", "12:30", "null", "~"];
    const plain = writeYaml({ values })
      .split("\n")
      .filter((line) => /^ *- [^"']/.test(line));
    assert.deepEqual(plain, []);
  });

  it("folds no line", () => {
    assert.ok(writeYaml({ a: "word ".repeat(100).trim() }).split("\n").length <= 2);
  });

  it("is the same value, whatever the strings", () => {
    const texts = fc.string({
      unit: fc.constantFrom(" ", "\n", "\t", "\r", "a", "#", ":", "-", '"', "'", "{", "é", "\u2028", "\\"),
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.dictionary(texts, fc.oneof(texts, fc.array(texts))), (value) => {
        assert.deepEqual(parse(writeYaml({ ...value })), { ...value });
      }),
      { numRuns: 500 },
    );
  });
});
