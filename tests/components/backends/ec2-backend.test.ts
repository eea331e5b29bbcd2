import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Ec2Backend } from "../../../components/backends/ec2-backend";
import { declare } from "../../support/declare";

class Parent extends pulumi.ComponentResource {
  constructor(backend: Ec2Backend) {
    super("gateway:test:Parent", "parent");
    const targetGroup = new aws.lb.TargetGroup(
      "uuid-api-tg",
      { port: 2222, protocol: "TCP" },
      { parent: this },
    );
    backend.register("uuid-api-target", { targetGroup, port: 2222 }, { parent: this });
  }
}

describe("Ec2Backend", () => {
  it("attaches each instance on the service's port, below its parent", async () => {
    const declared = await declare(
      () => new Parent(new Ec2Backend(["i-0123456789abcdef0", "i-0123456789abcdef1"])),
    );
    const attachments = declared.all("TargetGroupAttachment");
    assert.deepEqual(
      attachments.map(({ inputs }) => [inputs.targetId, inputs.port]),
      [
        ["i-0123456789abcdef0", 2222],
        ["i-0123456789abcdef1", 2222],
      ],
    );
    for (const { parent } of attachments) assert.equal(parent, declared.one("Parent").urn);
  });

  it("attaches nothing without an instance", async () => {
    const declared = await declare(() => new Parent(new Ec2Backend([])));
    assert.equal(declared.count("TargetGroupAttachment"), 0);
  });
});
