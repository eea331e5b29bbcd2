import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { listen } from "../../../../commands/local/listen";
import { type ServedStack, serveStack } from "../../../../commands/local/serve";
import { fixtures, recorded } from "../../../support/fixtures";

/** Calls `url` with a token, which makes the browser ask first (preflight), and shows what came of it. */
const page = (url: string) => `<!doctype html><body><script>
fetch(${JSON.stringify(url)}, { headers: { authorization: "Bearer read-token" } })
  .then(async (response) => response.status + " " + (await response.text()), (error) => "refused: " + error)
  .then((text) => { document.body.textContent = text; });
</script>`;

describe("A browser", function () {
  this.timeout(120_000);
  const seen: string[] = [];
  let allowed = "";
  const backend = createServer(({ method }, response) => {
    seen.push(String(method));
    if (allowed) response.setHeader("access-control-allow-origin", allowed);
    response.setHeader("access-control-allow-headers", "authorization");
    response.end("from the backend");
  });
  const portal = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(page(new URL(request.url ?? "/", stack.url).searchParams.get("url") ?? ""));
  });
  let stack: ServedStack;
  let portalPort: string;

  before(async function () {
    if (spawnSync("chromium", ["--version"]).error) {
      console.log("    skipped: chromium is not installed");
      this.skip();
    }
    const backends = { "uuid-api": await listen(backend) };
    stack = await serveStack({
      stack: "dev",
      root: fixtures,
      port: 0,
      backends,
      recording: await recorded("dev"),
    });
    portalPort = new URL(await listen(portal)).port;
  });

  after(async () => {
    backend.close();
    portal.close();
    await stack?.close();
  });

  async function open(url: string): Promise<string> {
    const profile = mkdtempSync(join(tmpdir(), "gateway-browser-"));
    const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update"];
    try {
      const { stdout } = await promisify(execFile)("chromium", [
        ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-sync", ...quiet],
        ...[`--user-data-dir=${profile}`, "--virtual-time-budget=10000", "--dump-dom", url],
      ]);
      return stdout;
    } finally {
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  const fromPortal = () => {
    const api = `http://uuid-api.localhost:${stack.port}/uuid/1`;
    return open(`http://portal.localhost:${portalPort}/?url=${encodeURIComponent(api)}`);
  };

  it("opens a service by its name on localhost", async () => {
    assert.match(await open(`http://uuid-api.localhost:${stack.port}/status`), /from the backend/);
  });

  it("gets a cross-origin response after a preflight when the backend allows the origin", async () => {
    seen.length = 0;
    allowed = `http://portal.localhost:${portalPort}`;
    assert.match(await fromPortal(), /200 from the backend/);
    assert.deepEqual(seen, ["OPTIONS", "GET"]);
  });

  it("is refused across origins when the backend allows none: the gateway adds no header", async () => {
    seen.length = 0;
    allowed = "";
    assert.match(await fromPortal(), /refused: TypeError/);
    assert.deepEqual(seen, ["OPTIONS"]);
  });
});
