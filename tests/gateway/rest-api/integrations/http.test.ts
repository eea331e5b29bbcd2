import assert from "node:assert/strict";
import { backend, httpFixture, type Sent } from "../support";

const REMAPPING = "recorded: TestApiGatewayHeaderRemapping";

const ALL = [
  "Accept",
  "Age",
  "Authorization",
  "Content-MD5",
  "Connection",
  "Expect",
  "Max-Forwards",
  "Pragma",
  "Proxy-Authenticate",
  "Range",
  "Referer",
  "Server",
  "TE",
  "Trailer",
  "Upgrade",
  "User-Agent",
  "Via",
  "Warn",
  "WWW-Authenticate",
  "Content-Encoding",
];

describe("HTTP without proxy", () => {
  const { through } = httpFixture();
  const custom = (integration: Record<string, unknown>, sent: Sent, rest: Record<string, unknown> = {}) =>
    through({ type: "http", httpMethod: "POST", ...integration }, sent, rest);

  it(`only the gateway's headers reach the backend [${REMAPPING}, no-param]`, async () => {
    const headers = Object.fromEntries(ALL.filter((name) => name !== "Accept").map((name) => [name, "v"]));
    const seen = await custom({}, { headers });
    assert.deepEqual(Object.keys(seen.json.headers).sort(), [
      "accept",
      "connection",
      "content-length",
      "host",
      "user-agent",
      "x-amzn-apigateway-api-id",
      "x-amzn-trace-id",
    ]);
    assert.equal(seen.json.headers["content-length"], "0");
    assert.equal(seen.json.headers["user-agent"], "AmazonAPIGateway_abc123");
  });
  it("the content type is sent with a body [recorded: test_http_integration_with_lambda]", async () => {
    const seen = await custom(
      {},
      {
        method: "POST",
        body: '{"message": "hello world"}',
        headers: { "Content-Type": "application/json", Accept: "application/xml" },
      },
    );
    assert.equal(seen.json.headers["content-type"], "application/json");
    assert.equal(seen.json.headers.accept, "application/json");
    assert.equal(seen.headers["x-amzn-trace-id"]?.startsWith("Root="), true);
  });
  it("the default response is 200 whatever the backend's status [recorded: test_http_integration_invoke_status_code_passthrough]", async () => {
    const server = await backend((_, response) => response.writeHead(400).end('{"a":1}'));
    const seen = await custom({ uri: server.origin }, {});
    await server.close();
    assert.equal(seen.status, 200);
    assert.equal(seen.text, '{"a":1}');
  });
  it("a response is selected by the status [recorded: test_http_integration_status_code_selection]", async () => {
    const server = await backend((_, response) => response.writeHead(404).end());
    const seen = await custom(
      {
        uri: server.origin,
        responses: { default: { statusCode: "200" }, "4\\d{2}": { statusCode: "405" } },
      },
      {},
    );
    await server.close();
    assert.equal(seen.status, 405);
  });
  it("no response that matches and no default: 500 [API_CONFIGURATION_ERROR]", async () => {
    const seen = await custom({ responses: { "5\\d{2}": { statusCode: "500" } } }, {});
    assert.equal(seen.status, 500);
    assert.equal(seen.text, '{"message": "Internal server error"}');
  });
  const declared = (names: string[]) => ({
    responses: {
      200: { headers: Object.fromEntries(names.map((name) => [name, { schema: { type: "string" } }])) },
    },
  });
  for (const name of [
    "Authorization",
    "Connection",
    "Content-Length",
    "Content-MD5",
    "Date",
    "Expect",
    "Host",
    "Max-Forwards",
    "Proxy-Authenticate",
    "Server",
    "Trailer",
    "Upgrade",
    "User-Agent",
    "WWW-Authenticate",
  ]) {
    it(`a response header ${name} is renamed [${REMAPPING}, full]`, async () => {
      const seen = await custom(
        {
          responses: {
            default: {
              statusCode: "200",
              responseParameters: { [`method.response.header.${name}`]: `'response_param_${name}'` },
            },
          },
        },
        {},
        declared([name]),
      );
      assert.equal(seen.headers[`x-amzn-remapped-${name.toLowerCase()}`], `response_param_${name}`);
    });
  }
  for (const name of [
    "Accept",
    "Age",
    "Content-Encoding",
    "Content-Type",
    "Pragma",
    "Range",
    "Referer",
    "TE",
    "Via",
    "Warn",
  ]) {
    it(`a response header ${name} stays [${REMAPPING}, full]`, async () => {
      const seen = await custom(
        {
          responses: {
            default: {
              statusCode: "200",
              responseParameters: { [`method.response.header.${name}`]: `'response_param_${name}'` },
            },
          },
        },
        {},
        declared([name]),
      );
      assert.equal(seen.headers[name.toLowerCase()], `response_param_${name}`);
    });
  }
  it("a header from a field of a response that is invalid JSON: 500 [recorded: test_parameters_mapping]", async () => {
    const server = await backend((_, response) => response.end("{broken"));
    const seen = await custom(
      {
        uri: server.origin,
        responses: {
          default: {
            statusCode: "200",
            responseParameters: { "method.response.header.a": "integration.response.body.x" },
          },
        },
      },
      {},
      declared(["a"]),
    );
    await server.close();
    assert.equal(seen.status, 500);
  });
  it("headers from the backend's headers and body [guide, Map integration response data]", async () => {
    const server = await backend((_, response) =>
      response.setHeader("x-app-id", "7").setHeader("item", ["a", "b"]).end('{"redirect":{"url":"/there"}}'),
    );
    const seen = await custom(
      {
        uri: server.origin,
        responses: {
          default: {
            statusCode: "200",
            responseParameters: {
              "method.response.header.location": "integration.response.body.redirect.url",
              "method.response.header.id": "integration.response.header.x-app-id",
              "method.response.header.items": "integration.response.multivalueheader.item",
              "method.response.header.s": "context.stage",
            },
          },
        },
      },
      {},
      declared(["location", "id", "items", "s"]),
    );
    await server.close();
    assert.deepEqual(
      [seen.headers.location, seen.headers.id, seen.headers.items, seen.headers.s],
      ["/there", "7", "a,b", "test"],
    );
  });
});
