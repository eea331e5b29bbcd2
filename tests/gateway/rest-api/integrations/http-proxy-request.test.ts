import assert from "node:assert/strict";
import { backend, headerParameter as header, httpFixture, queryParameter as query } from "../support";

const REMAPPING = "recorded: TestApiGatewayHeaderRemapping";
const HTTP = "recorded: test_apigateway_http";

describe("HTTP_PROXY: the request to the backend", () => {
  const { through, echo } = httpFixture();
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
  it(`the backend's host, not the client's [${REMAPPING}]`, async () => {
    assert.equal((await through({}, {})).json.headers.host, echo().authority);
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
  it("the client's method when the integration has ANY, else the integration's [recorded: test_http_integration_method]", async () => {
    assert.equal((await through({}, { method: "PUT", body: "{}" })).json.method, "PUT");
    assert.equal((await through({ httpMethod: "POST" }, { method: "PUT", body: "{}" })).json.method, "POST");
  });
  it("the body, with its length [recorded content-length]", async () => {
    const seen = await through({}, { method: "POST", body: '{"message": "hello world"}' });
    assert.equal(seen.json.body, '{"message": "hello world"}');
    assert.equal(seen.json.headers["content-length"], "26");
  });
  it("mapped path, query and header merged into the request [recorded: test_http_proxy_integration_request_data_mappings]", async () => {
    const seen = await through(
      {
        uri: `${echo().origin}?testVar={pathVar}&testQs={qsVar}`,
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
    it(`the whole body ${JSON.stringify(body)} mapped: ${wanted} [recorded: test_parameters_mapping]`, async () => {
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
      { stageVariables: { host: echo().authority, path: "p" } },
    );
    assert.equal(seen.json.url, "/p/y");
  });
  for (const [sent, received] of [
    ["/status/200", "/base/status/200"],
    ["/c%20d", "/base/c%20d"],
    ["/a%2Fb", "/base/a/b"],
    ["/..%2Fadmin", "/base/../admin"],
    ["/50%25", "/base/50%25"],
    ["/a%252Fb", "/base/a%252Fb"],
    ["/gr%C3%BC%C3%9F", "/base/gr%C3%BC%C3%9F"],
    ["/why%3Fx%23y", "/base/why%3Fx%23y"],
    ["/10.1234%2FHBM764.PLSD.325", "/base/10.1234/HBM764.PLSD.325"],
    ["/100%", "/base/100%25"],
  ] as const) {
    it(`a path parameter is decoded, then encoded where it has to be: ${sent} [important notes]`, async () => {
      const seen = await through(
        {
          uri: `${echo().origin}/base/{proxy}`,
          requestParameters: { "integration.request.path.proxy": "method.request.path.proxy" },
        },
        { path: sent },
        { path: "/{proxy+}" },
      );
      assert.equal(seen.json.url, received);
    });
  }
  it("a slash in a query value is not encoded again [ustayready/fireprox#44]", async () => {
    assert.equal((await through({}, { path: "/x?sig=a%2Fb" })).json.url, "/?sig=a/b");
  });
  it("an unmapped path parameter is 500 [knowledge center, Illegal character in path]", async () => {
    assert.equal(
      (await through({ uri: `${echo().origin}/{id}` }, { path: "/1" }, { path: "/{id}" })).status,
      500,
    );
  });
  it("a query is decoded and encoded again [important notes]", async () => {
    assert.equal((await through({}, { path: "/x?a=1+2&b=%C3%A9" })).json.url, "/?a=1%202&b=%C3%A9");
  });
  it("a VPC link connects to where `connect` says [createGateway contract]", async () => {
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
          return { origin: echo().origin };
        },
      },
    );
    assert.deepEqual(asked, ["vl-1", "nlb.example.org:2222"]);
    assert.equal(seen.json.url, "/z");
    assert.equal(seen.json.headers.host, "nlb.example.org:2222");
  });
  it("a VPC link that reaches no target is 500 [knowledge center, api-gateway-500-error-vpc]", async () => {
    const seen = await through(
      { connectionType: "VPC_LINK", connectionId: "x" },
      {},
      {},
      { connect: () => undefined },
    );
    assert.equal(seen.status, 500);
    assert.equal(seen.text, '{"message": "Internal server error"}');
  });
  it("a port without a listener is 500 [knowledge center, api-gateway-500-error-vpc]", async () => {
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
