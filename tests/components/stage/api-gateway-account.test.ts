import assert from "node:assert/strict";
import { ApiGatewayAccount } from "../../../components/stage/api-gateway-account";
import { declare } from "../../support/declare";

describe("ApiGatewayAccount", () => {
  it("stays when its stack goes, role and policy too: the whole account logs with it", async () => {
    const declared = await declare(() => new ApiGatewayAccount("dev", {}));
    for (const type of ["Account", "Role", "RolePolicyAttachment"]) {
      assert.equal(declared.one(type).options.retainOnDelete, true, type);
    }
    assert.equal(declared.one("Account").inputs.cloudwatchRoleArn, declared.one("Role").outputs.arn);
  });

  it("is set after its role may write logs", async () => {
    const declared = await declare(() => new ApiGatewayAccount("dev", {}));
    assert.ok(declared.one("Account").options.dependsOn.includes(declared.one("RolePolicyAttachment").urn));
  });
});
