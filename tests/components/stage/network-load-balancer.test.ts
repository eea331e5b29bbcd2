import assert from "node:assert/strict";
import { NetworkLoadBalancer } from "../../../components/stage/network-load-balancer";
import { type Declared, declare } from "../../support/declare";

const subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"];

describe("NetworkLoadBalancer", () => {
  let balancer: NetworkLoadBalancer;
  const make = (
    addresses: (string | undefined)[],
    options: { protect?: boolean; preview?: boolean } = {},
  ): Promise<Declared> =>
    declare(
      () => {
        balancer = new NetworkLoadBalancer("dev-nlb", {
          network: {
            vpcId: "vpc-0123456789abcdef0",
            zones: addresses.map((address, zone) => ({
              subnetId: subnets[zone] as string,
              ...(address === undefined ? {} : { address }),
            })),
          },
          protect: options.protect ?? false,
        });
      },
      { preview: options.preview ?? false },
    );

  it("is internal, in every zone, with the fixed addresses that are given", async () => {
    const { inputs } = (await make(["10.1.1.10", undefined, "10.1.3.10"])).one("LoadBalancer");
    assert.equal(inputs.internal, true);
    assert.equal(inputs.loadBalancerType, "network");
    assert.deepEqual(inputs.subnetMappings, [
      { subnetId: subnets[0], privateIpv4Address: "10.1.1.10" },
      { subnetId: subnets[1] },
      { subnetId: subnets[2], privateIpv4Address: "10.1.3.10" },
    ]);
  });

  it("has a security group from the start and lets PrivateLink traffic past its inbound rules", async () => {
    const declared = await make([undefined]);
    const { inputs } = declared.one("LoadBalancer");
    assert.deepEqual(inputs.securityGroups, [declared.one("SecurityGroup").id]);
    assert.equal(inputs.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic, "off");
    assert.equal(declared.count("SecurityGroupIngressRule"), 0);
    assert.equal(declared.one("SecurityGroup").inputs.ingress, undefined);
    assert.equal(declared.one("SecurityGroup").inputs.egress, undefined);
  });

  it("is found by its link, so that the link is deleted first", async () => {
    const declared = await make([undefined]);
    assert.equal(declared.one("VpcLink").inputs.targetArn, declared.one("LoadBalancer").outputs.arn);
    assert.equal(declared.one("VpcLink").options.customTimeouts?.create, "30m");
  });

  it("tells the fixed addresses and looks the others up", async () => {
    await make(["10.1.1.10", undefined]);
    const addresses = await Promise.all(
      balancer.addresses.map((address) => new Promise((done) => address.apply(done))),
    );
    assert.equal(addresses[0], "10.1.1.10");
    assert.match(String(addresses[1]), /^(\d+\.){3}\d+$/);
  });

  it("goes before its replacement only when an address is fixed", async () => {
    assert.equal(
      (await make(["10.1.1.10", undefined])).one("LoadBalancer").options.deleteBeforeReplace,
      true,
    );
    assert.equal(balancer.deleteBeforeReplace, true);
    assert.equal((await make([undefined])).one("LoadBalancer").options.deleteBeforeReplace, false);
    assert.equal(balancer.deleteBeforeReplace, false);
  });

  it("is protected in Pulumi and in AWS when asked to, and not otherwise", async () => {
    const guarded = (await make([undefined], { protect: true })).one("LoadBalancer");
    assert.equal(guarded.options.protect, true);
    assert.equal(guarded.inputs.enableDeletionProtection, true);
    const open = (await make([undefined])).one("LoadBalancer");
    assert.equal(open.options.protect, undefined);
    assert.equal(open.inputs.enableDeletionProtection, false);
  });

  it("is declared in a preview, in which nothing about it is known", async () => {
    assert.equal((await make([undefined, undefined], { preview: true })).count("LoadBalancer"), 1);
    assert.equal(balancer.addresses.length, 2);
  });

  it("refuses a name that its automatic physical name would not fit", async () => {
    await assert.rejects(
      declare(
        () =>
          new NetworkLoadBalancer("a-stage-with-a-very-long-name-nlb", {
            network: { vpcId: "vpc-0123456789abcdef0", zones: [] },
            protect: false,
          }),
      ),
      /at most 24 are allowed \(AWS allows 32/,
    );
  });
});
