import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { backend, httpFixture, type Seen, type Sent } from "../support";

const REMAPPING = "recorded: TestApiGatewayHeaderRemapping";

describe("HTTP_PROXY: the response to the client", () => {
  const { through } = httpFixture();
  async function responseOf(
    listener: Parameters<typeof backend>[0],
    sent: Sent = {},
    rest: Record<string, unknown> = {},
  ): Promise<Seen> {
    const server = await backend(listener);
    try {
      return await through(
        { uri: `${server.origin}/`, timeoutInMillis: rest.timeoutInMillis ?? 400 },
        sent,
        rest,
      );
    } finally {
      await server.close();
    }
  }
  for (const [name, renamed] of [
    ["Connection", true],
    ["Date", true],
    ["Server", true],
    ["x-amzn-RequestId", true],
    ["Content-MD5", true],
    ["Max-Forwards", true],
    ["WWW-Authenticate", true],
    ["User-Agent", true],
    ["Authorization", true],
    ["Age", false],
    ["Pragma", false],
    ["X-Own", false],
    ["ETag", false],
    ["Content-Type", false],
  ] as const) {
    it(`${name} ${renamed ? "renamed" : "as it came"} [${REMAPPING}; important notes]`, async () => {
      const seen = await responseOf((_, response) => {
        response.setHeader(name, name === "Connection" ? "keep-alive" : "v");
        response.end("{}");
      });
      const value = name === "Connection" ? "keep-alive" : "v";
      assert.equal(seen.headers[`x-amzn-remapped-${name.toLowerCase()}`], renamed ? value : undefined);
      if (name !== "x-amzn-RequestId")
        assert.equal(seen.headers[name.toLowerCase()], renamed ? undefined : value);
    });
  }
  for (const name of ["Via", "TE", "Expect", "Host", "Proxy-Authenticate", "Upgrade"]) {
    it(`no ${name} [important notes, column Response]`, async () => {
      const seen = await responseOf((_, response) => {
        response.setHeader(name, "v");
        response.end("{}");
      });
      assert.equal(seen.headers[name.toLowerCase()], undefined);
    });
  }
  it(`the backend's status, its length renamed, no trace id [${REMAPPING}]`, async () => {
    const seen = await responseOf((_, response) => {
      response.writeHead(418, { "Content-Type": "text/plain", "Content-Length": "3" });
      response.end("tea");
    });
    assert.equal(seen.status, 418);
    assert.equal(seen.text, "tea");
    assert.equal(seen.headers["x-amzn-remapped-content-length"], "3");
    assert.equal(seen.headers["content-length"], "3");
    assert.equal(seen.headers["x-amzn-trace-id"], undefined);
  });
  it("application/json when the backend sends no type [important notes]", async () => {
    assert.equal(
      (await responseOf((_, response) => response.end("{}"))).headers["content-type"],
      "application/json",
    );
  });
  it("a response over 10 MB is 500, one of exactly 10 MB passes [quotas, payload size]", async () => {
    const sized = (length: number) =>
      responseOf((_, response) => response.end(Buffer.alloc(length, 97)), {}, { timeoutInMillis: 10_000 });
    const over = await sized(10 * 1024 * 1024 + 1);
    assert.equal(over.status, 500);
    assert.deepEqual(over.json, { message: "Internal server error" });
    const exact = await sized(10 * 1024 * 1024);
    assert.equal(exact.status, 200);
    assert.equal(exact.body.length, 10 * 1024 * 1024);
  });
  it("a redirect is passed on, not followed", async () => {
    const seen = await responseOf((_, response) => response.writeHead(302, { Location: "/elsewhere" }).end());
    assert.equal(seen.status, 302);
    assert.equal(seen.headers.location, "/elsewhere");
  });
  it("several Set-Cookie headers stay several", async () => {
    const seen = await responseOf((_, response) =>
      response.setHeader("Set-Cookie", ["a=1", "b=2"]).end("{}"),
    );
    assert.equal(seen.rawHeaders.filter((name) => name.toLowerCase() === "set-cookie").length, 2);
  });
  it("bytes that are not text are replaced unless their type is binary [recorded for S3 downloads]", async () => {
    const listener: Parameters<typeof backend>[0] = (_, response) =>
      response.writeHead(200, { "Content-Type": "image/png" }).end(Buffer.from([97, 255]));
    assert.equal((await responseOf(listener)).text, "a\ufffd");
    assert.deepEqual(
      [
        ...(
          await responseOf(
            listener,
            {},
            { root: { "x-amazon-apigateway-binary-media-types": ["image/png"] } },
          )
        ).body,
      ],
      [97, 255],
    );
  });
  it("a compressed response passes unchanged [important notes: Content-Encoding passes through]", async () => {
    const seen = await responseOf((_, response) =>
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("hello")),
    );
    assert.deepEqual(seen.body, gzipSync("hello"));
    assert.equal(seen.headers["content-encoding"], "gzip");
  });
  it("a backend that is silent beyond the timeout: 504 [INTEGRATION_TIMEOUT]", async () => {
    const seen = await responseOf(() => {});
    assert.equal(seen.status, 504);
    assert.equal(seen.text, '{"message": "Endpoint request timed out"}');
    assert.equal(seen.headers["x-amzn-errortype"], "InternalServerErrorException");
  });
  it("a backend that disconnects: 504 Network error", async () => {
    assert.equal(
      (await responseOf((request) => request.socket.destroy())).text,
      '{"message": "Network error communicating with endpoint"}',
    );
  });
  it("a backend that does not speak HTTP: 504", async () => {
    assert.equal((await responseOf((request) => request.socket.end("garbage\r\n\r\n"))).status, 504);
  });
});
