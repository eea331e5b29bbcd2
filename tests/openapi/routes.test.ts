import assert from "node:assert/strict";
import { routesOf } from "../../openapi";

const bare = { "200": { description: "200 response" } };
const lambda = { type: "aws_proxy", uri: "arn:aws:lambda:us-east-1:123456789012:function:any-name" };
const kindsOf = (method: object, more: object = {}) =>
  routesOf({ ...more, paths: { "/{proxy+}": { "x-amazon-apigateway-any-method": method } } }).map(
    ({ kind }) => kind,
  );

describe("The routing table", () => {
  it("marks the catch-all by what it is, whatever its function is called", () => {
    const parameters = [{ name: "proxy", in: "path", required: true, schema: { type: "string" } }];
    assert.deepEqual(kindsOf({ parameters, responses: bare, "x-amazon-apigateway-integration": lambda }), [
      "catch-all",
    ]);
  });

  it("does not mark an ANY operation of a spec, one with an authorizer, or one with another integration", () => {
    const integration = { "x-amazon-apigateway-integration": lambda };
    const proxy = { "x-amazon-apigateway-integration": { type: "http_proxy", uri: "http://x" } };
    assert.deepEqual(kindsOf({ operationId: "everything", responses: bare, ...integration }), [undefined]);
    assert.deepEqual(kindsOf({ responses: { "200": { description: "An order" } }, ...integration }), [
      undefined,
    ]);
    assert.deepEqual(kindsOf({ responses: bare, ...integration }, { security: [{ read: [] }] }), [undefined]);
    assert.deepEqual(kindsOf({ responses: bare, ...proxy }), [undefined]);
  });
});
