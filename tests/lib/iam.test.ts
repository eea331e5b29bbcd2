import assert from "node:assert/strict";
import { wildcard } from "../../lib/iam";

describe("IAM patterns", () => {
  const cases: [pattern: string, text: string, matches: boolean][] = [
    ["*", "", true],
    ["execute-api:*", "execute-api:Invoke", true],
    ["arn:aws:execute-api:*:*:api/*/GET/*", "arn:aws:execute-api:us-east-1:1:api/dev/GET/a/b", true],
    ["api/*/GET/*", "api/dev/POST/a", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a.c", "abc", false],
    ["a+(b)", "a+(b)", true],
    ["abc", "abcd", false],
    ["a*c", "a\nc", true],
  ];
  for (const [pattern, text, matches] of cases) {
    it(`${pattern} ${matches ? "matches" : "does not match"} ${JSON.stringify(text)}`, () =>
      assert.equal(wildcard(pattern)(text), matches));
  }
});
