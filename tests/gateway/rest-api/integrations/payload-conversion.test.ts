import assert from "node:assert/strict";
import { convert } from "../../../../gateway/rest-api/integrations/integration-request";
import { convertResponse } from "../../../../gateway/rest-api/integrations/integration-response";
import { gatewayFor, lambdaUri, mockOf, openapi, operation } from "../support";

const CONVERSION = "developer guide, Content type conversions in API Gateway";

describe("payload conversion", () => {
  const raw = Buffer.from([0x1f, 0x8b, 0x08, 0xff]);
  const base64 = Buffer.from(raw.toString("base64"));
  const utf8 = Buffer.from(raw.toString("utf8"));
  for (const [binary, handling, given, wanted] of [
    [false, undefined, raw, utf8],
    [false, "CONVERT_TO_TEXT", raw, utf8],
    [false, "CONVERT_TO_BINARY", base64, raw],
    [false, "CONVERT_TO_BINARY", raw, undefined],
    [true, undefined, raw, raw],
    [true, "CONVERT_TO_BINARY", raw, raw],
    [true, "CONVERT_TO_TEXT", raw, base64],
  ] as const) {
    it(`request: ${binary ? "binary" : "text"} type, ${handling}: ${wanted ? wanted.toString("latin1").length : "500"} [${CONVERSION}; recorded: TestApiGatewayS3BinarySupport]`, () => {
      if (wanted) assert.deepEqual(convert(Buffer.from(given), binary, handling), wanted);
      else assert.throws(() => convert(Buffer.from(given), binary, handling), /Internal server error/);
    });
  }
  for (const [payload, accept, handling, given, wanted] of [
    [false, false, undefined, raw, utf8],
    [false, false, "CONVERT_TO_BINARY", base64, raw],
    [false, false, "CONVERT_TO_TEXT", raw, utf8],
    [false, true, undefined, base64, raw],
    [false, true, undefined, raw, undefined],
    [false, true, "CONVERT_TO_BINARY", base64, raw],
    [false, true, "CONVERT_TO_TEXT", raw, utf8],
    [true, false, undefined, raw, base64],
    [true, false, "CONVERT_TO_BINARY", raw, raw],
    [true, false, "CONVERT_TO_TEXT", raw, base64],
    [true, true, undefined, raw, raw],
    [true, true, "CONVERT_TO_BINARY", raw, raw],
    [true, true, "CONVERT_TO_TEXT", raw, base64],
  ] as const) {
    it(`response: ${payload ? "binary" : "text"} payload, ${accept ? "binary" : "text"} Accept, ${handling} [${CONVERSION}; recorded: TestApiGatewayS3BinarySupport]`, () => {
      if (wanted)
        assert.deepEqual(convertResponse(Buffer.from(given), payload, accept, handling).data, wanted);
      else
        assert.throws(
          () => convertResponse(Buffer.from(given), payload, accept, handling),
          /Internal server error/,
        );
    });
  }

  const CHALICE = "aws/chalice#1310; squidfunk/terraform-aws-api-gateway-enable-cors#10";
  for (const { contentHandling, status } of [
    { contentHandling: undefined, status: 500 },
    { contentHandling: "CONVERT_TO_BINARY", status: 500 },
    { contentHandling: "CONVERT_TO_TEXT", status: 200 },
  ]) {
    it(`an OPTIONS mock where every type is binary, ${contentHandling}: ${status} [${CHALICE}]`, async () => {
      const gateway = gatewayFor({
        definition: openapi(
          { "/a": { options: operation(mockOf("", contentHandling ? { contentHandling } : {})) } },
          { "x-amazon-apigateway-binary-media-types": ["*/*"] },
        ),
      });
      assert.equal((await gateway.request({ path: "/a", method: "OPTIONS" })).status, status);
    });
  }
  it("a function's base64 text is decoded [guide, Access binary files in Lambda]", async () => {
    const gateway = gatewayFor({
      definition: openapi({
        "/image": {
          get: operation({
            type: "aws",
            httpMethod: "POST",
            uri: lambdaUri("image"),
            responses: { default: { statusCode: 200, contentHandling: "CONVERT_TO_BINARY" } },
          }),
        },
      }),
      functions: { image: async () => raw.toString("base64") },
    });
    assert.deepEqual((await gateway.request("/image")).body, raw);
  });
});
