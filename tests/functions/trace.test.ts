import assert from "node:assert/strict";
import * as dgram from "node:dgram";
import { once } from "node:events";
import { loadFunction } from "../../commands/local/lambda";
import { buildFunctions } from "../../functions/build";
import { type GlobusServer, startGlobus } from "./globus-server";

const event = {
  type: "TOKEN",
  authorizationToken: "Bearer secret-token",
  methodArn: "arn:aws:execute-api:us-east-1:123456789012:abc123/dev/GET/x",
};

describe("a request that X-Ray samples", () => {
  let globus: GlobusServer;
  let daemon: dgram.Socket;
  let sent: string[];
  before(async () => {
    globus = await startGlobus();
    globus.tokens.set("secret-token", {
      introspection: { active: true, sub: "user-1" },
      groups: [{ id: "g" }],
    });
    daemon = dgram.createSocket("udp4").bind(0, "127.0.0.1");
    await once(daemon, "listening");
    daemon.on("message", (message) => sent.push(message.toString()));
  });
  after(async () => {
    daemon.close();
    await globus.close();
  });
  beforeEach(() => {
    sent = [];
  });

  async function decide(sampled: 0 | 1): Promise<void> {
    const { authorizer, layer } = buildFunctions();
    const loaded = await loadFunction({
      ...authorizer,
      layers: [layer.archive],
      timeoutSeconds: 9,
      environment: {
        ...globus.environment,
        ACCESS_LEVEL: "read",
        ACCESS_GROUPS: '["g"]',
        AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
        _X_AMZN_TRACE_ID: `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=${sampled}`,
      },
    });
    const { policyDocument } = (await loaded.invoke(event)) as {
      policyDocument: { Statement: [{ Effect: string }] };
    };
    assert.equal(policyDocument.Statement[0].Effect, "Allow");
    // The last datagram closes the function's own subsegment.
    const arrived = () => sampled === 0 || sent.some((text) => text.includes('"## authorizer"'));
    for (let i = 0; i < 100 && !arrived(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
    await loaded.close();
  }

  it("is a subsegment with one for each request to the provider, and no token in any", async () => {
    await decide(1);
    const subsegments = sent.map((text) => JSON.parse(text.split("\n")[1] ?? "null"));
    const own = subsegments.find(({ name }) => name === "## authorizer");
    assert.equal(own?.parent_id, "557abcec3ee5a047");
    const below = subsegments.filter(({ parent_id }) => parent_id === own.id);
    assert.deepEqual(
      below.map(({ http }) => new URL(http.request.url).pathname),
      ["/introspect", "/groups"],
    );
    for (const hidden of ["secret-token", globus.secrets.clientSecret ?? "?"])
      assert.ok(!sent.join().includes(hidden));
  });

  it("leaves no trace when it is not sampled, here or at the provider", async () => {
    await decide(0);
    assert.deepEqual(sent, []);
    assert.ok(globus.received.at(-1)?.headers["x-amzn-trace-id"] === undefined);
  });
});
