import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { text } from "node:stream/consumers";
import { listen } from "../../../../commands/local/listen";
import { type ServedStack, type ServeOptions, serveStack } from "../../../../commands/local/serve";
import { address, invokes, type Mistake, make, remove, set } from "../../../offline/wires";
import { fixtures, recorded } from "../../../support/fixtures";

describe("The served dev stack", function () {
  this.timeout(60_000);
  let stack: ServedStack;

  async function serve(options: Partial<ServeOptions> = {}, mistake: Mistake = () => {}): Promise<void> {
    await stack?.close();
    const recording = await recorded("dev");
    make(mistake, recording);
    stack = await serveStack({ stack: "dev", root: fixtures, port: 0, recording, ...options });
  }

  after(() => stack.close());

  async function call(path: string, headers: Record<string, string> = {}, method = "GET") {
    const sent = request({ host: "127.0.0.1", port: stack.port, path, method, headers }).end();
    return new Promise<{ status?: number; headers: Record<string, unknown>; body: string }>(
      (resolve, reject) => {
        sent.on("error", reject);
        sent.on("response", async (response) => {
          resolve({ status: response.statusCode, headers: response.headers, body: await text(response) });
        });
      },
    );
  }

  const read = { authorization: "Bearer read-token" };

  describe("as it is", () => {
    before(() => serve());

    it("answers a public route with the spec's example, from the stub", async () => {
      const { status, headers, body } = await call("/uuid-api/status");
      assert.equal(status, 200);
      assert.match(String(headers["x-stub-backend"]), /uuid-api; example/);
      assert.ok(JSON.parse(body).version);
    });

    it("runs the real authorizer: 200, 403 with a hint, 401", async () => {
      assert.equal((await call("/uuid-api/uuid/1", read)).status, 200);
      const expired = await call("/uuid-api/uuid/1", { authorization: "Bearer expired-token" });
      assert.deepEqual([expired.status, JSON.parse(expired.body).hint], [403, "Non-active login"]);
      assert.equal((await call("/uuid-api/uuid/1")).status, 401);
    });

    it("answers an undefined path with the 404 function", async () => {
      const { status, body } = await call("/no/such/path", { host: "entity-api.dev.example.org" });
      assert.deepEqual(
        [status, JSON.parse(body)],
        [404, { message: "Unable to find the requested resource" }],
      );
    });

    it("blocks encoded dot segments, which would reach another route's backend path, and passes DOIs", async () => {
      for (const segment of ["..%2Fdatasets%2Funpublished", "%2e%2e%2fdatasets", "..%5cdatasets", "%2E"])
        assert.equal((await call(`/entity-api/entities/${segment}`)).status, 400, segment);
      const { status, headers } = await call("/entity-api/entities/10.1234%2FHBM764.PLSD.325");
      assert.match(String(headers["x-stub-backend"]), /entity-api/, String(status));
    });
  });

  describe("with a local process as backend", () => {
    const own = createServer((incoming, response) =>
      response.end(`own ${incoming.url} ${incoming.headers.host}`),
    );
    before(async () => serve({ backends: { "uuid-api": await listen(own) } }));
    after(() => own.close());

    it("routes that service to it as the load balancer would, and the others to stubs", async () => {
      const { body } = await call("/uuid-api/status?x=1");
      assert.match(body, /^own \/status\?x=1 dev-nlb-\S+\.elb\.us-east-1\.amazonaws\.com:2222$/);
      assert.match(String((await call("/entity-api/status")).headers["x-stub-backend"]), /^entity-api/);
    });
  });

  describe("with --trust-forwarded", () => {
    before(() => serve({ trustForwarded: true }));

    it("blocks an address outside the allow list with the web ACL's body", async () => {
      const { status, body } = await call("/uuid-api/status", { "x-forwarded-for": "203.0.113.9" });
      assert.equal(status, 403);
      assert.match(JSON.parse(body).message, /^Sorry, your IP is blocked\. Please Contact help@example\.org/);
      assert.equal((await call("/uuid-api/status", { "x-forwarded-for": "2001:db8::7" })).status, 200);
    });
  });

  const failures: {
    what: string;
    status: number;
    path: string;
    headers?: Record<string, string>;
    mistake: Mistake;
  }[] = [
    {
      what: "a missing listener",
      status: 500,
      path: "/uuid-api/status",
      mistake: (find, recording) => {
        remove(recording, find("Listener", "uuid-api"));
      },
    },
    {
      what: "a security group that refuses the load balancer",
      status: 500,
      path: "/uuid-api/status",
      mistake: (find) => {
        find("SecurityGroupIngressRule", "uuid-api").inputs.toPort = 1;
      },
    },
    {
      what: "an authorizer without permission",
      status: 500,
      path: "/uuid-api/uuid/1",
      headers: read,
      mistake: (find, recording) => {
        remove(recording, find("RolePolicy", "dev-invoke", invokes("dev-read-authorizer")));
      },
    },
    {
      what: "an unset stage variable",
      status: 500,
      path: "/uuid-api/status",
      mistake: (find) => {
        find("Stage", "uuid-api").outputs.variables = { VPCLINK: "x" };
      },
    },
    {
      what: "a mapping to another stage",
      status: 403,
      path: "/uuid-api/status",
      mistake: (find) => {
        find("ApiMapping", "uuid-api").outputs.stage = "test";
      },
    },
    {
      what: "a domain whose certificate nothing validates",
      status: 502,
      path: "/uuid-api/status",
      mistake: (find, recording) => {
        remove(recording, find("CertificateValidation", "uuid-api"));
      },
    },
    {
      what: "a listener that does not speak TCP",
      status: 500,
      path: "/uuid-api/status",
      mistake: (find) => set(find("Listener", "uuid-api"), { protocol: "UDP" }),
    },
    {
      what: "a domain without a record",
      status: 502,
      path: "/uuid-api/status",
      mistake: (find, recording) => {
        remove(recording, find("Record", "uuid-api", address));
      },
    },
  ];
  for (const { what, status, path, headers, mistake } of failures) {
    it(`fails a request over ${what}, as AWS would, and shows the finding`, async () => {
      await serve({}, mistake);
      // 500 or 504 where the backend is not reached: which one is the gateway's own affair.
      const given = (await call(path, headers)).status;
      assert.equal(given === 504 ? 500 : given, status);
      assert.ok(stack.findings.length > 0);
      assert.equal((await call("/entity-api/status")).status, 200);
    });
  }

  it("reaches the other service's backend when two services share a port", async () => {
    await serve({}, (find) => {
      find("Stage", "entity-api").outputs.variables = find("Stage", "uuid-api").outputs.variables;
    });
    assert.match(String((await call("/entity-api/status")).headers["x-stub-backend"]), /^uuid-api/);
  });

  const refusals: [string, Partial<ServeOptions>, RegExp][] = [
    [
      "a backend for an unknown service",
      { backends: { "uid-api": "http://localhost:1" } },
      /no service uid-api\. Did you mean uuid-api\? Services: uuid-api, /,
    ],
    [
      "a backend that is not an origin",
      { backends: { "uuid-api": "localhost:1/x" } },
      /accepted: an origin without a path/,
    ],
  ];
  for (const [what, options, message] of refusals) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(serve(options), message);
    });
  }

  it("serves two APIs on one domain, each under its base path", async () => {
    await serve({}, (find) => {
      set(find("ApiMapping", "search-api"), {
        domainName: "entity-api.dev.example.org",
        apiMappingKey: "search/v3",
      });
    });
    const host = { host: "entity-api.dev.example.org" };
    assert.match(String((await call("/search/v3/status", host)).headers["x-stub-backend"]), /^search-api/);
    assert.match(String((await call("/search-api/status")).headers["x-stub-backend"]), /^search-api/);
    assert.match(String((await call("/status", host)).headers["x-stub-backend"]), /^entity-api/);
    assert.equal((await call("/search/v3/no/such/path", host)).status, 404);
  });

  it("refuses a port that is in use, and leaves nothing running", async () => {
    const other = createServer();
    const port = Number(new URL(await listen(other)).port);
    await assert.rejects(
      serve({ port }),
      new RegExp(`Port ${port} is in use\\. Choose another one with --port`),
    );
    other.close();
  });
});
