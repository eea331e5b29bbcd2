import assert from "node:assert/strict";
import { parseSecrets, sameSecret } from "../../functions/authorizer/secrets";

describe("the functions' secrets", () => {
  it("are a JSON object with a client secret and a process secret, either of which may be absent", () => {
    assert.deepEqual(parseSecrets('{"clientSecret":"a","processSecret":"0123456789abcdef","other":1}'), {
      clientSecret: "a",
      processSecret: "0123456789abcdef",
    });
    assert.deepEqual(parseSecrets("{}"), {});
  });

  it("are refused when malformed, without being quoted", () => {
    const bad = [
      "",
      "hush",
      "null",
      '"hush"',
      '{"clientSecret":""}',
      '{"clientSecret":["hush"]}',
      '{"processSecret":"hush"}',
      '{"processSecret":""}',
      undefined,
    ];
    for (const text of bad) {
      assert.throws(
        () => parseSecrets(text),
        (error: Error) => !error.message.includes("hush") && error.message.startsWith("The secret's"),
        String(text),
      );
    }
  });

  it("compare equal only when they are", () => {
    assert.equal(sameSecret("abc", "abc"), true);
    assert.equal(sameSecret("abc", "abcd"), false);
    assert.equal(sameSecret("", "abc"), false);
  });
});
