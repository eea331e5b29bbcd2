import assert from "node:assert/strict";
import { recordedEnvironments, recordedFunction } from "../../../../commands/local/lambda/recorded";
import type { FunctionBundles } from "../../../../functions/build";
import type { RecordedResource, Recording } from "../../../../offline/recording";

const layerArn = "arn:aws:lambda:eu-central-1:111122223333:layer:gateway-test:1";
const resource = (type: string, name: string, inputs: object, outputs: object): RecordedResource => ({
  urn: `urn:pulumi:test::gateway::${type}::${name}`,
  type,
  name,
  id: name,
  inputs: { ...inputs },
  outputs: { ...inputs, ...outputs },
  options: { dependsOn: [] },
  secrets: [],
});
const layer = resource(
  "aws:lambda/layerVersion:LayerVersion",
  "test-layer",
  { code: { path: "/built/layer.zip" } },
  { arn: layerArn },
);
const authorizer = resource(
  "aws:lambda/function:Function",
  "test-read-authorizer-function",
  {
    code: { path: "/built/authorizer.zip" },
    layers: [layerArn],
    handler: "index.handler",
    timeout: 9,
    memorySize: 256,
    environment: { variables: { ACCESS_LEVEL: "read", ACCESS_GROUPS: '["g"]' } },
  },
  { name: "test-read-1a2b3c4", arn: "arn:aws:lambda:eu-central-1:111122223333:function:test-read-1a2b3c4" },
);
const notFound = resource(
  "aws:lambda/function:Function",
  "test-not-found-function",
  { code: { path: "/built/not-found.zip" }, handler: "index.handler", timeout: 5, memorySize: 128 },
  {
    name: "test-not-found-1a2b3c4",
    arn: "arn:aws:lambda:eu-central-1:111122223333:function:test-not-found-1a2b3c4",
  },
);
const recording = (...resources: RecordedResource[]): Recording => ({
  stack: "test",
  resources,
  invokes: [],
  outputs: {},
  log: [],
});

describe("A function that a stack declares", () => {
  it("is found by its level, its short name or its logical name, with everything that it runs with", () => {
    const all = recording(layer, authorizer, notFound);
    const expected = {
      name: "test-read-1a2b3c4",
      archive: "/built/authorizer.zip",
      layers: ["/built/layer.zip"],
      handler: "index.handler",
      environment: { ACCESS_LEVEL: "read", ACCESS_GROUPS: '["g"]' },
      timeoutSeconds: 9,
      memoryMb: 256,
      region: "eu-central-1",
      accountId: "111122223333",
    };
    for (const name of ["read", "test-read-authorizer-function"])
      assert.deepEqual(recordedFunction(all, name), expected);
    assert.deepEqual(recordedFunction(all, "not-found").layers, []);
    assert.deepEqual(recordedFunction(all, "not-found").environment, {});
    assert.deepEqual(recordedEnvironments(all), [expected.environment, {}]);
  });

  it("can be a bundle that the stack does not declare, with the layer and no variables", () => {
    const redirect = {
      name: "redirect",
      archive: "/built/redirect.zip",
      sha256: "",
      handler: "index.handler",
    };
    const bundles = {
      redirect,
      layer: { name: "layer", archive: "/built/layer.zip", sha256: "" },
    } as FunctionBundles;
    const { archive, layers, environment } = recordedFunction(recording(notFound), "redirect", bundles);
    assert.deepEqual([archive, layers, environment], ["/built/redirect.zip", ["/built/layer.zip"], {}]);
    assert.throws(
      () => recordedFunction(recording(notFound), "layer", bundles),
      /declares no function layer/,
    );
  });

  it("is refused with the functions of the stack, and the nearest one", () => {
    assert.throws(
      () => recordedFunction(recording(authorizer, notFound), "not-fund"),
      /The stack test declares no function not-fund\. Did you mean not-found\? Its functions: read, not-found/,
    );
    assert.throws(
      () => recordedFunction(recording(authorizer), "read"),
      /uses the layer arn:.*which the stack test does not declare/,
    );
    assert.throws(() => recordedFunction(recording(), "read"), /Its functions: none/);
  });
});
