import assert from "node:assert/strict";
import { smoke } from "../../../../commands/local/smoke";
import { invokes, type Mistake, make, remove } from "../../../offline/wires";
import { fixtures, recorded } from "../../../support/fixtures";

describe("The smoke test", function () {
  this.timeout(60_000);

  async function run(mistake: Mistake = () => {}) {
    const recording = await recorded("dev");
    make(mistake, recording);
    const lines: string[] = [];
    const passed = await smoke({ stack: "dev", root: fixtures, recording }, (line) => lines.push(line));
    return { passed, lines };
  }

  it("sends one request of each kind and passes on the dev stack", async () => {
    const { passed, lines } = await run();
    assert.deepEqual(
      lines.filter((line) => line.startsWith("FAILED")),
      [],
    );
    assert.equal(passed, true);
    const kinds = [
      "open",
      "preflight",
      "undefined path",
      "undefined method",
      ...["read", "create", "data-admin"].flatMap((level) =>
        ["right token", "wrong token", "expired token", "no token"].map((token) => `${level}, ${token}`),
      ),
      "blocked address",
      "by domain name",
    ];
    const proxied = lines.filter((line) =>
      /^ok {6}PSC, by Nginx.*, then stub +GET \/\S* of (ingest|workspaces)-api → 200$/.test(line),
    );
    assert.equal(proxied.length, 2);
    for (const kind of kinds) {
      assert.equal(
        lines.filter((line) => line.startsWith(`ok      ${kind}`)).length,
        1,
        `no line for ${kind}`,
      );
    }
  });

  it("fails with the wiring finding when an authorizer may not be invoked", async () => {
    const { passed, lines } = await run((find, recording) =>
      remove(recording, find("RolePolicy", "dev-invoke", invokes("dev-read-authorizer"))),
    );
    assert.equal(passed, false);
    assert.ok(
      lines.some((line) => line.startsWith("FAILED  wiring authorizer-without-permission, service uuid-api")),
    );
    assert.ok(
      lines.some((line) =>
        /^FAILED {2}read, right token .* → 500, expected the backend's response/.test(line),
      ),
    );
  });

  it("lists the kinds that the stack does not have", async () => {
    const { lines } = await run((_, recording) => {
      recording.resources = recording.resources.filter(({ type }) => !/PscProxy/.test(type));
    });
    assert.ok(lines.includes("-       the stack has no route through a PSC proxy"));
  });
});
