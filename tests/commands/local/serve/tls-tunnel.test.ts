import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startTlsTunnel, type TlsTunnel } from "../../../../commands/local/serve/tls-tunnel";

describe("The tunnel to a local https process", function () {
  this.timeout(30_000);
  let server: Server;
  let folder: string;
  let tunnel: TlsTunnel | undefined;
  const log: string[] = [];

  before(async function () {
    if (spawnSync("openssl", ["version"]).error) {
      console.log("    skipped: openssl is not installed");
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "gateway-tls-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"].concat([
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        key,
        "-out",
        cert,
      ]),
      { stdio: "ignore" },
    );
    server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) =>
      request.pipe(response),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  afterEach(() => tunnel?.close());
  after(() => {
    server?.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  const origin = () => `https://localhost:${(server.address() as AddressInfo).port}`;

  it("passes requests on, whatever their Host, when the certificate is trusted", async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        ...["-r", "./lib/typescript.js", "-e"],
        `const { startTlsTunnel } = require("./commands/local/serve/tls-tunnel");
         startTlsTunnel(${JSON.stringify(origin())}, console.log).then(async ({ origin, close }) => {
           const answer = await fetch(origin, { method: "POST", body: "there and back", headers: { host: "nlb.example.org" } });
           console.log(await answer.text());
           close();
           process.exit();
         });`,
      ],
      { timeout: 20_000, env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, "cert.pem") } },
    );
    assert.equal(stdout, "there and back\n");
  });

  it("closes the connection and logs the reason when it is not", async () => {
    tunnel = await startTlsTunnel(origin(), (line) => log.push(line));
    await assert.rejects(fetch(tunnel.origin));
    assert.match(log.join(), /^https:\/\/localhost:\d+: self-signed certificate/);
  });
});
