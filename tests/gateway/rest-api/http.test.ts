import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import {
  type Backend,
  backend,
  echoBackend,
  gatewayFor,
  openapi,
  operation,
  type Seen,
  type Sent,
} from "./support";

const REMAPPING = "localstack TestApiGatewayHeaderRemapping snapshot (recorded on AWS)";
const HTTP = "localstack test_apigateway_http snapshot (recorded on AWS)";

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

describe("HTTP integrations", () => {
  let echo: Backend;
  before(async () => {
    echo = await echoBackend();
  });
  after(() => echo.close());

  async function through(
    integration: Record<string, unknown>,
    sent: Sent,
    rest: Record<string, unknown> = {},
    options: object = {},
  ): Promise<Seen> {
    const path = (rest.path as string) ?? "/x";
    const gateway = gatewayFor({
      definition: openapi(
        {
          [path]: {
            "x-amazon-apigateway-any-method": operation(
              {
                type: "http_proxy",
                httpMethod: "ANY",
                uri: `${echo.origin}/`,
                responses: { default: { statusCode: "200" } },
                ...integration,
              },
              { parameters: rest.parameters ?? [], responses: rest.responses ?? {} },
            ),
          },
        },
        (rest.root as Record<string, unknown>) ?? {},
      ),
      apiId: "abc123",
      ...options,
    });
    try {
      return await gateway.request({ path: "/x", ...sent });
    } finally {
      await gateway.close();
    }
  }
  const header = (name: string) => ({ name, in: "header", required: false });
  const query = (name: string) => ({ name, in: "query", required: false });

  describe("what the backend of HTTP_PROXY gets", () => {
    for (const name of [
      "Accept",
      "Age",
      "Authorization",
      "Pragma",
      "Range",
      "Referer",
      "User-Agent",
      "Warn",
      "Date",
      "Accept-Charset",
      "Content-Type",
      "X-Own",
    ]) {
      it(`${name} as sent [${REMAPPING}]`, async () => {
        assert.equal(
          (await through({}, { headers: { [name]: "some" } })).json.headers[name.toLowerCase()],
          "some",
        );
      });
    }
    for (const name of [
      "Content-MD5",
      "Expect",
      "Max-Forwards",
      "Proxy-Authenticate",
      "Server",
      "TE",
      "Trailer",
      "Upgrade",
      "Via",
      "WWW-Authenticate",
      "Content-Encoding",
    ]) {
      it(`no ${name} [${REMAPPING}]`, async () => {
        assert.equal(
          (await through({}, { headers: { [name]: "some" } })).json.headers[name.toLowerCase()],
          undefined,
        );
      });
    }
    it(`its own host, not the client's [${REMAPPING}]`, async () => {
      assert.equal((await through({}, {})).json.headers.host, echo.authority);
    });
    it(`the API's id, a trace id and where the client is [${HTTP}]`, async () => {
      const { headers } = (await through({}, { sourceIp: "192.0.2.9" })).json;
      assert.equal(headers["x-amzn-apigateway-api-id"], "abc123");
      assert.match(headers["x-amzn-trace-id"], /^Root=1-/);
      assert.equal(headers["x-forwarded-for"], "192.0.2.9");
      assert.equal(headers["x-forwarded-proto"], "https");
    });
    it(`defaults for Accept and User-Agent [${REMAPPING}, no-param of HTTP]`, async () => {
      const { headers } = (await through({}, {})).json;
      assert.equal(headers.accept, "application/json");
      assert.equal(headers["user-agent"], "AmazonAPIGateway_abc123");
    });
    it("a header name in the case it was sent [recorded for Lambda events]", async () => {
      assert.ok(
        (await through({}, { headers: { "tEsT-HEADeR": "v" } })).json.rawHeaders.includes("tEsT-HEADeR"),
      );
    });
    it("no Authorization with a Signature Version 4 [important notes]", async () => {
      const seen = await through({}, { headers: { Authorization: "AWS4-HMAC-SHA256 Credential=x" } });
      assert.equal(seen.json.headers.authorization, undefined);
    });
    it("the client's method when the integration has ANY, else its own [test_http_integration_method]", async () => {
      assert.equal((await through({}, { method: "PUT", body: "{}" })).json.method, "PUT");
      assert.equal(
        (await through({ httpMethod: "POST" }, { method: "PUT", body: "{}" })).json.method,
        "POST",
      );
    });
    it("the body, with its length [recorded content-length]", async () => {
      const seen = await through({}, { method: "POST", body: '{"message": "hello world"}' });
      assert.equal(seen.json.body, '{"message": "hello world"}');
      assert.equal(seen.json.headers["content-length"], "26");
    });
    it("mapped path, query and header merged into the request [test_http_proxy_integration_request_data_mappings]", async () => {
      const seen = await through(
        {
          uri: `${echo.origin}?testVar={pathVar}&testQs={qsVar}`,
          requestParameters: {
            "integration.request.header.headerVar": "method.request.header.foobar",
            "integration.request.path.qsVar": "method.request.querystring.testVar",
            "integration.request.path.pathVar": "method.request.path.pathVariable",
            "integration.request.querystring.queryString": "method.request.querystring.testQueryString",
            "integration.request.querystring.testQs": "method.request.querystring.testQueryString",
            "integration.request.querystring.testEmptyQs": "method.request.header.emptyheader",
          },
        },
        {
          path: "/foobar?testQueryString=foo&testVar=bar",
          method: "POST",
          body: "{}",
          headers: { foobar: "mapped-value", headerVar: "request-value" },
        },
        {
          path: "/{pathVariable}",
          parameters: [header("foobar"), header("emptyheader"), query("testVar"), query("testQueryString")],
        },
      );
      const args = new URL(seen.json.url, "http://x").searchParams;
      assert.deepEqual(args.getAll("testVar"), ["foobar", "bar"]);
      assert.deepEqual(args.getAll("testQs"), ["bar", "foo"]);
      assert.deepEqual(args.getAll("testQueryString"), ["foo"]);
      assert.deepEqual(args.getAll("queryString"), ["foo"]);
      assert.equal(args.has("testEmptyQs"), false);
      assert.equal(seen.json.headers.headervar, "mapped-value");
      assert.equal(seen.json.headers.foobar, "mapped-value");
    });
    for (const [source, wanted] of [
      ["'static'", "static"],
      ["stageVariables.v", "variable"],
      ["context.stage", "test"],
      ["context.identity.sourceIp", "127.0.0.1"],
      ["method.request.multivaluequerystring.q", "1,2"],
      ["method.request.querystring.q", "2"],
      ["method.request.multivalueheader.h", "a,b"],
      ["method.request.header.h", "b"],
    ] as const) {
      it(`a header mapped from ${source} [guide, Map method request data]`, async () => {
        const seen = await through(
          { requestParameters: { "integration.request.header.X-To": source } },
          { path: "/x?q=1&q=2", headers: { h: ["a", "b"] } },
          { parameters: [header("h"), query("q")] },
          { stageVariables: { v: "variable" } },
        );
        assert.equal(seen.json.headers["x-to"], wanted);
      });
    }
    it("the mapping of a field of the body [guide, Mapping from method request body]", async () => {
      const seen = await through(
        { requestParameters: { "integration.request.header.pet": "method.request.body.pets[0].name" } },
        { method: "POST", body: '{"pets":[{"name":"rex"}]}' },
      );
      assert.equal(seen.json.headers.pet, "rex");
    });
    for (const [body, wanted] of [
      ["<no JSON>", "<no JSON>"],
      ["", "{}"],
      ["\n{wrongjson", 400],
    ] as const) {
      it(`the whole body ${JSON.stringify(body)} mapped: ${wanted} [localstack parameters mapping, validated on AWS]`, async () => {
        const seen = await through(
          { requestParameters: { "integration.request.header.body-value": "method.request.body" } },
          body === "" ? { method: "POST" } : { method: "POST", body },
        );
        if (wanted === 400) {
          assert.equal(seen.status, 400);
          assert.equal(seen.json.message, "Invalid JSON in request body");
        } else assert.equal(seen.json.headers["body-value"], wanted);
      });
    }
    for (const name of ["Content-Length", "Transfer-Encoding", "X-Amzn-Trace-Id"]) {
      it(`a mapping to ${name} is 500 [${REMAPPING}, content-length]`, async () => {
        const seen = await through(
          { requestParameters: { [`integration.request.header.${name}`]: "'1'" } },
          {},
        );
        assert.equal(seen.status, 500);
        assert.equal(seen.text, '{"message": "Internal server error"}');
        assert.equal(seen.headers["content-length"], "36");
      });
    }
    it(`Host can be mapped, TE and Via cannot [${REMAPPING}, full]`, async () => {
      const { headers } = (
        await through(
          {
            requestParameters: {
              "integration.request.header.Host": "'h.example.org'",
              "integration.request.header.TE": "'deflate'",
              "integration.request.header.Via": "'p'",
              "integration.request.header.Max-Forwards": "'2'",
            },
          },
          {},
        )
      ).json;
      assert.equal(headers.host, "h.example.org");
      assert.equal(headers.te, undefined);
      assert.equal(headers.via, undefined);
      assert.equal(headers["max-forwards"], "2");
    });
    it("stage variables in host and path of the uri [stage variables reference]", async () => {
      const seen = await through(
        { uri: "http://${stageVariables.host}/${stageVariables.path}/y" },
        {},
        {},
        { stageVariables: { host: echo.authority, path: "p" } },
      );
      assert.equal(seen.json.url, "/p/y");
    });
    it("a greedy path goes on encoded as it came [test_http_integration_invoke_status_code_passthrough]", async () => {
      const seen = await through(
        {
          uri: `${echo.origin}/base/{proxy}`,
          requestParameters: { "integration.request.path.proxy": "method.request.path.proxy" },
        },
        { path: "/a%2Fb/c%20d" },
        { path: "/{proxy+}" },
      );
      assert.equal(seen.json.url, "/base/a%2Fb/c%20d");
    });
    it("a path parameter that nothing maps is 500 [knowledge center, Illegal character in path]", async () => {
      assert.equal(
        (await through({ uri: `${echo.origin}/{id}` }, { path: "/1" }, { path: "/{id}" })).status,
        500,
      );
    });
    it("a query is decoded and encoded again [important notes]", async () => {
      assert.equal((await through({}, { path: "/x?a=1+2&b=%C3%A9" })).json.url, "/?a=1%202&b=%C3%A9");
    });
    it("a VPC link leads where its connection says [createGateway contract]", async () => {
      const asked: string[] = [];
      const seen = await through(
        {
          uri: "http://${stageVariables.VPCNLB}/z",
          connectionType: "VPC_LINK",
          connectionId: "${stageVariables.VPCLINK}",
        },
        {},
        {},
        {
          stageVariables: { VPCNLB: "nlb.example.org:2222", VPCLINK: "vl-1" },
          connect: (id: string, authority: string) => {
            asked.push(id, authority);
            return { origin: echo.origin };
          },
        },
      );
      assert.deepEqual(asked, ["vl-1", "nlb.example.org:2222"]);
      assert.equal(seen.json.url, "/z");
      assert.equal(seen.json.headers.host, "nlb.example.org:2222");
    });
    it("a VPC link that reaches nothing is 500 [knowledge center, api-gateway-500-error-vpc]", async () => {
      const seen = await through(
        { connectionType: "VPC_LINK", connectionId: "x" },
        {},
        {},
        { connect: () => undefined },
      );
      assert.equal(seen.status, 500);
      assert.equal(seen.text, '{"message": "Internal server error"}');
    });
    it("a port nobody listens on is 500 [knowledge center, api-gateway-500-error-vpc]", async () => {
      assert.equal((await through({ uri: "http://127.0.0.1:1/" }, {})).status, 500);
    });
    it("a name that does not resolve is 500 [gateway response types, API_CONFIGURATION_ERROR]", async () => {
      assert.equal((await through({ uri: "http://no-such-host.invalid/" }, {})).status, 500);
    });
    it("a body over 10 MB is 413 Request Too Long [quotas; important notes]", async () => {
      const seen = await through({}, { method: "POST", body: Buffer.alloc(10 * 1024 * 1024 + 1, 97) });
      assert.equal(seen.status, 413);
      assert.equal(seen.text, '{"message":"Request Too Long"}');
    });
    it("a body of exactly 10 MB passes", async () => {
      const counting = await backend((request, response) => {
        let length = 0;
        request.on("data", (chunk: Buffer) => {
          length += chunk.length;
        });
        request.on("end", () => response.end(String(length)));
      });
      const body = Buffer.alloc(10 * 1024 * 1024, 97);
      const seen = await through({ uri: `${counting.origin}/` }, { method: "POST", body });
      await counting.close();
      assert.equal(seen.text, String(body.length));
    });
  });

  describe("what the client of HTTP_PROXY gets", () => {
    async function answer(
      listener: Parameters<typeof backend>[0],
      sent: Sent = {},
      rest: Record<string, unknown> = {},
    ): Promise<Seen> {
      const server = await backend(listener);
      try {
        return await through({ uri: `${server.origin}/`, timeoutInMillis: 400 }, sent, rest);
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
        const seen = await answer((_, response) => {
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
        const seen = await answer((_, response) => {
          response.setHeader(name, "v");
          response.end("{}");
        });
        assert.equal(seen.headers[name.toLowerCase()], undefined);
      });
    }
    it(`the backend's status, its length renamed, no trace id [${REMAPPING}]`, async () => {
      const seen = await answer((_, response) => {
        response.writeHead(418, { "Content-Type": "text/plain", "Content-Length": "3" });
        response.end("tea");
      });
      assert.equal(seen.status, 418);
      assert.equal(seen.text, "tea");
      assert.equal(seen.headers["x-amzn-remapped-content-length"], "3");
      assert.equal(seen.headers["content-length"], "3");
      assert.equal(seen.headers["x-amzn-trace-id"], undefined);
    });
    it("application/json when the backend says no type [important notes]", async () => {
      assert.equal(
        (await answer((_, response) => response.end("{}"))).headers["content-type"],
        "application/json",
      );
    });
    it("an answer over 10 MB is 500, one of exactly 10 MB passes [quotas, payload size]", async () => {
      const sized = (length: number) =>
        answer((_, response) => response.end(Buffer.alloc(length, 97)), {}, { timeoutInMillis: 10_000 });
      const over = await sized(10 * 1024 * 1024 + 1);
      assert.equal(over.status, 500);
      assert.deepEqual(over.json, { message: "Internal server error" });
      const exact = await sized(10 * 1024 * 1024);
      assert.equal(exact.status, 200);
      assert.equal(exact.body.length, 10 * 1024 * 1024);
    });
    it("a redirect is passed on, not followed", async () => {
      const seen = await answer((_, response) => response.writeHead(302, { Location: "/elsewhere" }).end());
      assert.equal(seen.status, 302);
      assert.equal(seen.headers.location, "/elsewhere");
    });
    it("several Set-Cookie headers stay several", async () => {
      const seen = await answer((_, response) => response.setHeader("Set-Cookie", ["a=1", "b=2"]).end("{}"));
      assert.equal(seen.rawHeaders.filter((name) => name.toLowerCase() === "set-cookie").length, 2);
    });
    it("bytes that are no text are replaced unless their type is binary [recorded for S3 downloads]", async () => {
      const listener: Parameters<typeof backend>[0] = (_, response) =>
        response.writeHead(200, { "Content-Type": "image/png" }).end(Buffer.from([97, 255]));
      assert.equal((await answer(listener)).text, "a\ufffd");
      assert.deepEqual(
        [
          ...(
            await answer(listener, {}, { root: { "x-amazon-apigateway-binary-media-types": ["image/png"] } })
          ).body,
        ],
        [97, 255],
      );
    });
    it("a compressed answer passes as it is [important notes: Content-Encoding passes through]", async () => {
      const seen = await answer((_, response) =>
        response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("hello")),
      );
      assert.deepEqual(seen.body, gzipSync("hello"));
      assert.equal(seen.headers["content-encoding"], "gzip");
    });
    it("a backend that is silent beyond the timeout: 504 [INTEGRATION_TIMEOUT]", async () => {
      const seen = await answer(() => {});
      assert.equal(seen.status, 504);
      assert.equal(seen.text, '{"message": "Endpoint request timed out"}');
      assert.equal(seen.headers["x-amzn-errortype"], "InternalServerErrorException");
    });
    it("a backend that hangs up: 504 Network error", async () => {
      assert.equal(
        (await answer((request) => request.socket.destroy())).text,
        '{"message": "Network error communicating with endpoint"}',
      );
    });
    it("a backend that does not speak HTTP: 504", async () => {
      assert.equal((await answer((request) => request.socket.end("garbage\r\n\r\n"))).status, 504);
    });
  });

  describe("HTTP without proxy", () => {
    const custom = (integration: Record<string, unknown>, sent: Sent, rest: Record<string, unknown> = {}) =>
      through({ type: "http", httpMethod: "POST", ...integration }, sent, rest);

    it(`only the gateway's own headers reach the backend [${REMAPPING}, no-param]`, async () => {
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
    it("the content type goes along with a body [test_http_integration_with_lambda]", async () => {
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
    it("the default response gives 200 whatever the backend's status [test_http_integration_invoke_status_code_passthrough]", async () => {
      const server = await backend((_, response) => response.writeHead(400).end('{"a":1}'));
      const seen = await custom({ uri: server.origin }, {});
      await server.close();
      assert.equal(seen.status, 200);
      assert.equal(seen.text, '{"a":1}');
    });
    it("a response is selected by the status [test_http_integration_status_code_selection]", async () => {
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
    it("a header from a field of an answer that is broken JSON: 500 [localstack parameters mapping, validated on AWS]", async () => {
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
        response
          .setHeader("x-app-id", "7")
          .setHeader("item", ["a", "b"])
          .end('{"redirect":{"url":"/there"}}'),
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
});
