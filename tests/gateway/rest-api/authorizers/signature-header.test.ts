import assert from "node:assert/strict";
import { gatewayFor, mockOf, openapi, operation, type Seen } from "../support";

const SOURCE = "aws/chalice#828, DataBiosphere/azul#7470";
const CREDENTIAL =
  /^Authorization header requires 'Credential' parameter\. Authorization header requires 'Signature'/;
const DATE = /existence of either a 'X-Amz-Date' or a 'Date' header/;
const EQUAL_SIGN = /^Invalid key=value pair \(missing equal-sign\) in Authorization header/;

const request = (headers: Record<string, string>, path = "/nope", method = "GET"): Promise<Seen> =>
  gatewayFor({
    definition: openapi(
      {
        "/a": { get: operation(mockOf("1")) },
        "/iam": { get: operation(mockOf("1"), { "x-amazon-apigateway-auth": { type: "AWS_IAM" } }) },
      },
      {
        "x-amazon-apigateway-gateway-responses": {
          MISSING_AUTHENTICATION_TOKEN: {
            statusCode: 404,
            responseTemplates: { "application/json": '{"message":"not found"}' },
          },
        },
      },
    ),
  }).request({ path, method, headers });

describe("an Authorization header where a request has no method or has to be signed", () => {
  for (const [header, message] of [
    ["Bearer a.b.c", EQUAL_SIGN],
    ["Basic dXNlcjpwYXNz", EQUAL_SIGN],
    ["Bearer a=b, c", EQUAL_SIGN],
    ["a.b.c", CREDENTIAL],
    ["a.b.c", DATE],
    ["Basic dXNlcg==", CREDENTIAL],
  ] as const) {
    for (const [where, path, method] of [
      ["an undefined route", "/nope", "GET"],
      ["an undefined method", "/a", "DELETE"],
      ["an AWS_IAM method", "/iam", "GET"],
    ] as const) {
      it(`${header} on ${where}: 403 ${message.source.slice(0, 40)} [${SOURCE}]`, async () => {
        const seen = await request({ Authorization: header }, path, method);
        assert.equal(seen.status, 403);
        assert.equal(seen.headers["x-amzn-errortype"], "IncompleteSignatureException");
        assert.match(seen.json.message, message);
      });
    }
  }
  it(`the token is not repeated where its hash is sent [${SOURCE}]`, async () => {
    assert.ok(!(await request({ Authorization: "Bearer secret-token" })).text.includes("secret-token"));
  });
  it("with a date the message does not ask for one", async () => {
    const seen = await request({ Authorization: "a.b.c", "X-Amz-Date": "20260101T000000Z" });
    assert.match(seen.json.message, CREDENTIAL);
    assert.doesNotMatch(seen.json.message, DATE);
  });
  it("without the header an undefined route is MISSING_AUTHENTICATION_TOKEN [recorded: test_routing_not_found]", async () => {
    const seen = await request({});
    assert.equal(seen.status, 404);
    assert.equal(seen.text, '{"message":"not found"}');
  });
  it("a defined method without authorization accepts any header", async () => {
    assert.equal((await request({ Authorization: "Bearer a.b.c" }, "/a")).status, 200);
  });
});
