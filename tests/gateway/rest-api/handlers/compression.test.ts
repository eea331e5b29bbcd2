import assert from "node:assert/strict";
import { brotliCompressSync, deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { gatewayFor, httpFixture, mockOf, openapi, operation, type Seen } from "../support";

const RESPONSE = "guide, Receive an API response with a compressed payload";
const REQUEST = "guide, Call an API method with a compressed payload";
const TEXT = "x".repeat(100);

async function compressed(acceptEncoding: string | undefined, minimum = 50): Promise<Seen> {
  return gatewayFor({
    definition: openapi(
      { "/a": { get: operation(mockOf(TEXT)) } },
      { "x-amazon-apigateway-minimum-compression-size": minimum },
    ),
  }).request({
    path: "/a",
    headers: acceptEncoding === undefined ? {} : { "Accept-Encoding": acceptEncoding },
  });
}

describe("response compression", () => {
  for (const [accepted, coding] of [
    ["gzip", "gzip"],
    ["GZIP", "gzip"],
    ["gzip, deflate, br", "gzip"],
    ["gzip;q=0.5", "gzip"],
    ["deflate, gzip", "deflate"],
    ["identity", undefined],
    ["*", undefined],
    ["br, gzip", undefined],
    ["x-gzip", undefined],
    ["gzip;q=0", undefined],
    ["gzip; q=0.000", undefined],
    ["", undefined],
    [undefined, undefined],
  ] as const) {
    it(`Accept-Encoding ${accepted}: ${coding ?? "not compressed"} [${RESPONSE}; RFC 9110, 12.5.3]`, async () => {
      const seen = await compressed(accepted);
      assert.equal(seen.headers["content-encoding"], coding);
      const decode = { gzip: gunzipSync, deflate: inflateSync };
      assert.equal((coding ? decode[coding](seen.body) : seen.body).toString(), TEXT);
    });
  }
  it(`a response below the minimum size is not compressed [${RESPONSE}]`, async () => {
    assert.equal((await compressed("gzip", 101)).headers["content-encoding"], undefined);
    assert.equal((await compressed("gzip", 100)).headers["content-encoding"], "gzip");
  });
});

describe("compressed requests", () => {
  const { through } = httpFixture();
  const send = (coding: string, body: Buffer, minimum: number | null = 0) =>
    through(
      {},
      { method: "POST", body, headers: { "Content-Type": "text/plain", "Content-Encoding": coding } },
      { root: minimum === null ? {} : { "x-amazon-apigateway-minimum-compression-size": minimum } },
    );
  for (const [coding, body] of [
    ["gzip", gzipSync("hello")],
    ["Gzip", gzipSync("hello")],
    ["deflate", deflateSync("hello")],
    ["identity", Buffer.from("hello")],
  ] as const) {
    it(`${coding} reaches the backend decompressed [${REQUEST}]`, async () => {
      assert.equal((await send(coding, body)).json.body, "hello");
    });
  }
  it("a large gzip body reaches the backend decompressed", async () => {
    const text = Array.from({ length: 700_000 }, (_, index) => index.toString(36)).join();
    const body = gzipSync(text, { level: 1 });
    assert.ok(body.length > 1024 * 1024, String(body.length));
    assert.equal((await send("gzip", body)).json.body, text);
  });
  for (const [coding, body] of [
    ["gzip", Buffer.from("hello")],
    ["gzip", gzipSync("hello").subarray(0, 12)],
    ["deflate", Buffer.from("hello")],
    ["br", brotliCompressSync("hello")],
    ["zstd", Buffer.from("hello")],
    ["gzip, gzip", gzipSync(gzipSync("hello"))],
  ] as const) {
    it(`${coding} of ${body.length} bytes that cannot be decompressed is 415 [${REQUEST}]`, async () => {
      const seen = await send(coding, body);
      assert.equal(seen.status, 415);
      assert.equal(seen.text, '{"message": "Unsupported Media Type"}');
    });
  }
  it("a body that is larger than the payload quota once decompressed is 413 [quotas]", async () => {
    assert.equal((await send("gzip", gzipSync(Buffer.alloc(11 * 1024 * 1024)))).status, 413);
  });
  it("without compression enabled no coding is refused", async () => {
    assert.equal((await send("br", Buffer.from("hello"), null)).json.body, "hello");
  });
});
