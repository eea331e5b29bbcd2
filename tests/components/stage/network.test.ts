import assert from "node:assert/strict";
import type { Output } from "@pulumi/pulumi";
import { createNetwork, type Network } from "../../../components/stage/network";
import { declare } from "../../support/declare";

describe("createNetwork", () => {
  let network: Network;
  const make = (preview = false) =>
    declare(
      () => {
        network = createNetwork("dev", { cidr: "10.1.0.0/16", zones: 3 });
      },
      { preview },
    );

  it("asks for a private and a public subnet per zone and one NAT gateway", async () => {
    const { inputs } = (await make()).one("Vpc");
    assert.equal(inputs.cidrBlock, "10.1.0.0/16");
    assert.equal(inputs.numberOfAvailabilityZones, 3);
    assert.deepEqual(inputs.natGateways, { strategy: "Single" });
    assert.deepEqual((inputs.subnetSpecs as { type: string }[]).map(({ type }) => type).sort(), [
      "Private",
      "Public",
    ]);
  });

  it("has as many zones as asked for, each in a private subnet of its own", async () => {
    await make();
    const ids = await Promise.all(
      network.zones.map(({ subnetId }) => new Promise((done) => (subnetId as Output<string>).apply(done))),
    );
    assert.equal(new Set(ids).size, 3);
    for (const id of ids) assert.match(String(id), /^subnet-/);
  });

  it("has them in a preview, too, in which the subnets are unknown", async () => {
    await make(true);
    assert.equal(network.zones.length, 3);
  });

  it("fixes no address", async () => {
    await make();
    assert.deepEqual(
      network.zones.map(({ addresses }) => addresses),
      [undefined, undefined, undefined],
    );
  });
});
