import assert from "node:assert/strict";
import { createServer } from "node:http";
import { listen } from "../../commands/local/listen";
import { runScript } from "./run";

describe("npm run local", function () {
  this.timeout(60_000);

  it("prints what it serves and three requests to try, and stops at once on Ctrl-C", async () => {
    const { code, stdout, stderr } = await runScript("local", ["--port", "0"], (output, kill) => {
      if (/curl[^\n]*\n.*curl[^\n]*\n.*curl[^\n]*\n$/s.test(output)) kill("SIGINT");
    });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(
      stdout,
      /^SERVICE +URL +PORT +BACKEND +ROUTES +ACCESS\nuuid-api +http:\/\/uuid-api\.localhost:\d+ +2222 +stub/,
    );
    assert.match(
      stdout,
      /cannot read the 401 and 403 responses of uuid-api, .*Set gateway:cors to allow them/,
    );
    assert.match(stdout, /Tokens: read-token, create-token, data-admin-token, admin-token, expired-token/);
    assert.match(stdout, /curl http:\/\/localhost:\d+\/uuid-api\//);
    assert.match(stdout, /curl -H "Authorization: Bearer read-token" http:\/\/uuid-api\.localhost:\d+\//);
  });

  it("refuses a port that is in use", async () => {
    const other = createServer();
    const port = new URL(await listen(other)).port;
    const { code, stderr } = await runScript("local", ["--port", port]);
    other.close();
    assert.deepEqual(
      [code, stderr],
      [1, `Port ${port} is in use. Choose another one with --port, or 0 for any free one.\n`],
    );
  });

  const refusals: [string, string[], RegExp][] = [
    ["text that is not a port", ["--port", "http"], /not a port/],
    ["a backend without a URL", ["--backend", "uuid-api"], /accepted: NAME=URL/],
    ["an unknown option", ["--prot", "1"], /unknown option '--prot'/],
    ["a stack without a file", ["--stack", "nope"], /There is no Pulumi\.nope\.yaml/],
  ];
  for (const [what, args, message] of refusals) {
    it(`refuses ${what}, without a stack trace`, async () => {
      const { code, stderr } = await runScript("local", args);
      assert.equal(code, 1);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }
});
