import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startProxy } from "../../../../commands/local/nginx";
import { createGateway } from "../../../../gateway";
import { serveDefinition } from "../../../../local";
import {
  call,
  certificateAuthority,
  configuration,
  loadBalancer,
  requireNginx,
  requireOpenssl,
  service,
  stub,
} from "./support";

const definition = {
  openapi: "3.0.3",
  info: { title: "ingest-api", version: "1" },
  paths: {
    "/uploads/{id}": {
      "x-amazon-apigateway-any-method": {
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        "x-amazon-apigateway-integration": {
          type: "http_proxy",
          httpMethod: "ANY",
          uri: "http://${stageVariables.VPCNLB}/uploads/{id}",
          connectionType: "VPC_LINK",
          connectionId: "${stageVariables.VPCLINK}",
          requestParameters: { "integration.request.path.id": "method.request.path.id" },
          passthroughBehavior: "when_no_match",
        },
      },
    },
  },
};

describe("A request to a PSC service: gateway, Nginx, https upstream", () => {
  before(function () {
    requireNginx(this);
    requireOpenssl(this);
  });

  async function throughAll(trusted: boolean) {
    const authority = certificateAuthority("The partner's authority");
    const upstream = await stub(undefined, { tls: authority.issue("vm.example.edu") });
    const { cert: ca } = trusted ? authority : certificateAuthority("Some other authority");
    const ingest = service({
      name: "ingest-api",
      port: 8443,
      upstream: { protocol: "https", host: "vm.example.edu", port: 8443, ca },
      publicUrl: "https://ingest-api.dev.example.org",
    });
    const proxy = await startProxy({
      configuration: configuration({ services: [ingest] }),
      upstream: () => upstream.origin,
    });
    const gateway = createGateway({
      definition,
      stageVariables: { VPCLINK: "abc123", VPCNLB: `${loadBalancer}:8443` },
      connect: (_link, to) => (to === `${loadBalancer}:8443` ? { origin: proxy.originFor(8443) } : undefined),
    });
    const front = createServer((request, response) => void gateway.handle(request, response)).listen(
      0,
      "127.0.0.1",
    );
    await once(front, "listening");
    const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}/uploads/42`;
    const answer = await call(url, {
      method: "POST",
      headers: {
        host: "ingest-api.dev.example.org",
        "x-forwarded-for": "203.0.113.66",
        "content-type": "application/json",
      },
      body: JSON.stringify({ text: "x".repeat(1_000_000) }),
    });
    front.close();
    await gateway.close();
    await proxy.close();
    await upstream.close();
    return answer;
  }

  it("arrives with the source address that the gateway saw", async () => {
    const answer = await throughAll(true);
    const seen = JSON.parse(answer.body);
    assert.deepEqual([answer.status, seen.method, seen.url], [200, "POST", "/uploads/42"]);
    assert.match(seen.headers.host, /^vm\.example\.edu:\d+$/);
    assert.equal(seen.headers["x-forwarded-for"], "127.0.0.1");
    assert.equal(seen.headers["x-forwarded-host"], "ingest-api.dev.example.org");
    assert.match(seen.headers["x-amzn-trace-id"], /^Root=1-/);
  });

  it("gets 502 when another authority signed the partner's certificate", async () => {
    const answer = await throughAll(false);
    assert.equal(answer.status, 502);
    assert.deepEqual(JSON.parse(answer.body), { message: "The backend cannot be reached" });
  });

  it("gets the gateway's error when the proxy is unreachable", async () => {
    const served = await serveDefinition({
      definition,
      stageVariables: { VPCLINK: "abc123", VPCNLB: "127.0.0.1:9" },
    });
    const { status } = await call(`${served.url}/uploads/42`);
    await served.close();
    assert.ok(status >= 500, String(status));
  });
});
