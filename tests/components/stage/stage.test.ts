import assert from "node:assert/strict";
import { declare } from "../../support/declare";
import { aStage } from "../../support/stage";

describe("Stage", () => {
  it("gives its backends' group to each distinct instance once, on its primary interface", async () => {
    const one = "i-0123456789abcdef0";
    const two = "i-0123456789abcdef1";
    const declared = await declare(() =>
      aStage({
        services: [
          { name: "a", instances: [one] },
          { name: "b", instances: [one, two] },
        ],
      }),
    );
    const attachments = declared.all("NetworkInterfaceSecurityGroupAttachment");
    assert.deepEqual(
      attachments.map(({ name }) => name),
      [`dev-backend-${one}`, `dev-backend-${two}`],
    );
    for (const { inputs } of attachments) assert.match(String(inputs.networkInterfaceId), /^eni-/);
  });

  it("opens nothing by itself", async () => {
    const declared = await declare(() => aStage());
    assert.equal(declared.count("SecurityGroupIngressRule"), 0);
    assert.equal(declared.count("SecurityGroupEgressRule"), 0);
  });

  const services = Array.from({ length: 51 }, (_, index) => ({ name: `api-${index}` }));
  const fixed = (...addresses: string[]) => ({
    vpcId: "vpc-0123456789abcdef0",
    zones: [{ subnetId: "subnet-0123456789abcdef0", addresses }],
  });

  it("gives each load balancer an address of its own", async () => {
    const network = fixed("10.1.1.10", "10.1.1.11");
    const declared = await declare(() => aStage({ services, network }));
    assert.deepEqual(
      declared.all("LoadBalancer").map(({ inputs }) => inputs.subnetMappings),
      ["10.1.1.10", "10.1.1.11"].map((privateIpv4Address) => [
        { subnetId: "subnet-0123456789abcdef0", privateIpv4Address },
      ]),
    );
  });

  it("refuses fewer addresses than load balancers", async () => {
    await assert.rejects(
      declare(() => aStage({ services, network: fixed("10.1.1.10") })),
      /dev: zone 1 has 1 fixed addresses, none for load balancer 2/,
    );
  });

  it("has a second load balancer with a link of its own when the first is full, and groups by rules", async () => {
    const zones = [{ subnetId: "subnet-0123456789abcdef0" }, { subnetId: "subnet-0123456789abcdef1" }];
    const network = { vpcId: "vpc-0123456789abcdef0", zones };
    const declared = await declare(() => aStage({ services, network }));
    assert.deepEqual(
      declared.all("LoadBalancer").map(({ name }) => name),
      ["dev-nlb", "dev-nlb-2"],
    );
    assert.deepEqual(
      new Set(declared.all("VpcLink").map(({ inputs }) => inputs.targetArn)),
      new Set(declared.all("LoadBalancer").map(({ outputs }) => outputs.arn)),
    );
    assert.equal(declared.count("BackendSecurityGroup"), 2);
  });

  it("has one load balancer also without any service", async () => {
    assert.equal((await declare(() => aStage({ services: [] }))).count("LoadBalancer"), 1);
  });

  it("has a web ACL, which has address sets exactly when there is an allow list", async () => {
    for (const allow of [undefined, { contact: "help@example.org", addresses: [] }]) {
      const declared = await declare(() => aStage({ allow }));
      assert.equal(declared.count("webAcl:WebAcl"), 1);
      assert.equal(declared.count("IpSet"), allow ? 2 : 0);
    }
  });

  it("sets the account's role only where it owns the account", async () => {
    assert.equal((await declare(() => aStage())).count("Account"), 0);
    assert.equal((await declare(() => aStage({ ownsAccount: true }))).count("Account"), 1);
  });

  it("reserves concurrency for the authorizers only when it is set", async () => {
    const reserved = async (authorizerConcurrency?: number) =>
      (await declare(() => aStage({ authorizerConcurrency }))).one("Function", "dev-read-authorizer-function")
        .inputs.reservedConcurrentExecutions;
    assert.deepEqual([await reserved(), await reserved(50)], [undefined, 50]);
  });

  it("has one authorizer per access level", async () => {
    const names = (await declare(() => aStage())).all("Function").map(({ name }) => name);
    assert.deepEqual(names.filter((name) => name.includes("authorizer")).sort(), [
      "dev-create-authorizer-function",
      "dev-read-authorizer-function",
    ]);
  });

  it("has no edge for a service that is not one of its own", async () => {
    await assert.rejects(
      declare(() => aStage().edgeOf("entity-api")),
      /entity-api is not a service of stage dev: uuid-api/,
    );
  });

  it("declares the same in a preview, where nothing is known yet", async () => {
    const make = () =>
      aStage({
        network: { vpcId: "vpc-0123456789abcdef0", zones: [{ subnetId: "subnet-0123456789abcdef0" }] },
      });
    assert.deepEqual((await declare(make, { preview: true })).names, (await declare(make)).names);
  });
});
