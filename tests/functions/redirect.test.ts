import assert from "node:assert/strict";
import { createRedirect } from "../../functions/redirect/handler";
import { locationOf } from "../../functions/redirect/location";
import type { ProxyEvent } from "../../functions/shared/proxy";

const base = "https://search-api.example.org/v3";
/** An event as API Gateway makes it for ANY /{proxy+}; `prefix` is the base path of a custom domain. */
const event = (path: string, query: Record<string, string[]> | null = null, prefix = ""): ProxyEvent => ({
  path: `${prefix}${path}`,
  httpMethod: "GET",
  pathParameters: path === "/" ? null : { proxy: path.slice(1) },
  multiValueQueryStringParameters: query,
});

describe("the redirect function", () => {
  it("responds with 307 to the same path and query of the successor", async () => {
    const redirect = createRedirect({
      REDIRECT_TO: base,
      CORS_HEADERS: '{"Access-Control-Allow-Origin":"*"}',
    });
    assert.deepEqual(await redirect(event("/search/x", { q: ["a"] })), {
      statusCode: 307,
      headers: {
        "Content-Type": "application/json",
        "Access-Control-Allow-Origin": "*",
        Location: "https://search-api.example.org/v3/search/x?q=a",
      },
      body: `{"message":"This version of the API is retired: use ${base}"}`,
    });
  });

  it("responds to a preflight itself where CORS is configured: browsers do not follow its redirect", async () => {
    const CORS_HEADERS = '{"Access-Control-Allow-Origin":"*"}';
    const preflight = { ...event("/a"), httpMethod: "OPTIONS" };
    assert.deepEqual(await createRedirect({ REDIRECT_TO: base, CORS_HEADERS })(preflight), {
      statusCode: 204,
      headers: { "Access-Control-Allow-Origin": "*" },
      body: "",
    });
    assert.equal((await createRedirect({ REDIRECT_TO: base })(preflight)).statusCode, 307);
  });

  it("responds with the configured message", async () => {
    const redirect = createRedirect({ REDIRECT_TO: base, REDIRECT_MESSAGE: "Please migrate" });
    const { body, headers } = await redirect(event("/"));
    assert.equal(body, '{"message":"Please migrate"}');
    assert.deepEqual(headers, { "Content-Type": "application/json", Location: `${base}/` });
  });

  const places: [string, ProxyEvent, string][] = [
    ["the root", event("/"), "/"],
    ["a slash at the end", event("/a/"), "/a/"],
    ["a base path of the retired API", event("/a/b", null, "/v2"), "/a/b"],
    ["escapes as they came", event("/a%2Fb%20c/%C3%A9"), "/a%2Fb%20c/%C3%A9"],
    ["what a path may not hold, escaped", event('/a b?#"<é'), "/a%20b%3F%23%22%3C%C3%A9"],
    ["a bare percent sign, escaped", event("/100%/x%zz"), "/100%25/x%25zz"],
    ["parameters that come more than once", event("/a", { q: ["1", "2"], r: [""] }), "/a?q=1&q=2&r="],
    ["names and values, escaped", event("/a", { "a b": ["c&d=é"] }), "/a?a%20b=c%26d%3D%C3%A9"],
    [
      "single parameters where there are no others",
      { ...event("/a"), queryStringParameters: { q: "1" } },
      "/a?q=1",
    ],
    ["no query when there is none", { ...event("/a"), queryStringParameters: null }, "/a"],
  ];
  for (const [what, request, expected] of places) {
    it(`keeps ${what}`, () => assert.equal(locationOf(request, base), `${base}${expected}`));
  }

  it("never leaves the configured base", () => {
    for (const path of [
      "//evil.example/x",
      "/\\evil.example",
      "/..",
      "/../../other",
      "/%2e%2e/%2e%2e/",
      "/.%2E/x",
    ]) {
      const location = locationOf(event(path), base);
      assert.ok(location.startsWith(`${base}/`), `${path}: ${location}`);
    }
    assert.equal(locationOf(event("//evil.example/x"), base), `${base}/evil.example/x`);
    assert.equal(locationOf(event("/../admin"), base), `${base}/`);
  });

  it("does not look at the Host header", () => {
    const request = {
      ...event("/a"),
      headers: { Host: "evil.example" },
      requestContext: { domainName: "evil.example" },
    };
    assert.equal(locationOf(request, base), `${base}/a`);
  });

  it("does not start without a plain http(s) base", () => {
    for (const REDIRECT_TO of [
      undefined,
      "",
      "/v3",
      "//example.org",
      "javascript:alert(1)",
      "https://user:pw@example.org",
      `${base}?a=b`,
      `${base}#x`,
    ]) {
      assert.throws(
        () => createRedirect({ REDIRECT_TO }),
        /^Error: REDIRECT_TO must be an http/,
        REDIRECT_TO,
      );
    }
  });
});
