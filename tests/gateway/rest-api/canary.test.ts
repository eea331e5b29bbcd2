import assert from "node:assert/strict";
import { gatewayFor, mockOf, openapi, operation } from "./support";

const open = (body = '"ok"') => ({ get: operation(mockOf(body)) });

describe("canary", () => {
  for (const [percentTraffic, wanted] of [
    [0, "default false"],
    [100, "canary true"],
  ] as const) {
    it(`${percentTraffic} % get its stage variables and $context.isCanaryRequest [recorded: test_invoking_canary_deployment]`, async () => {
      const gateway = gatewayFor({
        definition: openapi({ "/a": open('"$stageVariables.v $context.isCanaryRequest"') }),
        stageVariables: { v: "default" },
        stageSettings: { canarySettings: { percentTraffic, stageVariableOverrides: { v: "canary" } } },
      });
      assert.equal((await gateway.request("/a")).json, wanted);
    });
  }
  it("it may have a separate deployment", async () => {
    const gateway = gatewayFor({
      definition: openapi({ "/a": open("1") }),
      stageSettings: { canarySettings: { percentTraffic: 100, definition: openapi({ "/a": open("2") }) } },
    });
    assert.equal((await gateway.request("/a")).text, "2");
  });
  it("isCanaryRequest is absent without a canary", async () => {
    assert.equal(
      (await gatewayFor({ definition: openapi({ "/a": open('"$context.isCanaryRequest"') }) }).request("/a"))
        .text,
      '""',
    );
  });
});
