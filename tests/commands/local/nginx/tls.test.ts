import assert from "node:assert/strict";
import type { TLSSocket } from "node:tls";
import { startProxy } from "../../../../commands/local/nginx";
import {
  call,
  certificateAuthority,
  configuration,
  requireNginx,
  requireOpenssl,
  service,
  stub,
  until,
} from "./support";

describe("TLS from Nginx to a PSC service", () => {
  before(function () {
    requireNginx(this);
    requireOpenssl(this);
  });

  const partner = certificateOnce("The partner's authority");
  const stranger = certificateOnce("Some other authority");
  const ingest = (ca?: string, serverName?: string) =>
    configuration({
      services: [
        service({
          name: "ingest-api",
          port: 8443,
          upstream: { protocol: "https", host: "vm.example.edu", port: 8443, ca, serverName },
        }),
      ],
    });

  async function through(recorded: ReturnType<typeof ingest>, issuer: typeof partner, name: string) {
    const upstream = await stub(undefined, { tls: issuer().issue(name) });
    const proxy = await startProxy({ configuration: recorded, upstream: () => upstream.origin });
    const answer = await call(`${proxy.originFor(8443)}/x`);
    const log = await until(
      async () => proxy.log(),
      (lines) => lines.some((line) => line.includes('"event":"request"')),
    );
    await proxy.close();
    await upstream.close();
    return { answer, log: log.join("\n") };
  }

  it("succeeds when the given authority signed the certificate for the host", async () => {
    const { answer } = await through(ingest(partner().cert), partner, "vm.example.edu");
    assert.equal(answer.status, 200);
    assert.equal(JSON.parse(answer.body).headers["x-forwarded-proto"], "https");
  });

  it("requests the certificate of the given server name", async () => {
    const asked: unknown[] = [];
    const upstream = await stub(
      (req, res) => {
        asked.push((req.socket as TLSSocket & { servername?: string }).servername);
        res.end();
      },
      { tls: partner().issue("ingest.example.edu") },
    );
    const recorded = ingest(partner().cert, "ingest.example.edu");
    const proxy = await startProxy({ configuration: recorded, upstream: () => upstream.origin });
    await call(proxy.originFor(8443));
    await call(`${proxy.originFor(8079)}/upstream/ingest-api`);
    await proxy.close();
    await upstream.close();
    assert.deepEqual(asked, ["ingest.example.edu", "ingest.example.edu"]);
  });

  it("succeeds when the certificate has the given server name", async () => {
    const { answer } = await through(
      ingest(partner().cert, "ingest.example.edu"),
      partner,
      "ingest.example.edu",
    );
    assert.equal(answer.status, 200);
    assert.match(JSON.parse(answer.body).headers.host, /^ingest\.example\.edu:\d+$/);
  });

  it("fails with 502 and a log line when another authority signed it", async () => {
    const { answer, log } = await through(ingest(partner().cert), stranger, "vm.example.edu");
    assert.equal(answer.status, 502);
    assert.match(log, /\[error\].*upstream SSL certificate verify error: \(\d+:.*ingest-api\.sock/);
  });

  it("fails with 502 and a log line when the certificate has another name", async () => {
    const { answer, log } = await through(ingest(partner().cert), partner, "other.example.edu");
    assert.equal(answer.status, 502);
    assert.match(log, /upstream SSL certificate does not match "vm\.example\.edu"/);
  });

  it("fails with 502 without a given authority when the operating system does not trust the signer", async () => {
    const { answer, log } = await through(ingest(), partner, "vm.example.edu");
    assert.equal(answer.status, 502);
    assert.match(log, /verify error/);
  });

  it("accepts the old and the new authority during a rotation", async () => {
    const both = `${partner().cert}\nsome words between\n${stranger().cert}`;
    for (const issuer of [partner, stranger]) {
      const { answer } = await through(ingest(both), issuer, "vm.example.edu");
      assert.equal(answer.status, 200);
    }
  });

  it("fails with 502 when the partner speaks plain HTTP on that port", async () => {
    const upstream = await stub();
    const origin = upstream.origin.replace("http:", "https:");
    const proxy = await startProxy({ configuration: ingest(partner().cert), upstream: () => origin });
    const answer = await call(proxy.originFor(8443));
    await proxy.close();
    await upstream.close();
    assert.equal(answer.status, 502);
  });
});

/** Made when first asked for: describe blocks also run where openssl is missing. */
function certificateOnce(name: string) {
  let made: ReturnType<typeof certificateAuthority> | undefined;
  return () => {
    made ??= certificateAuthority(name);
    return made;
  };
}
