import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  LISTENERS_PER_LOAD_BALANCER,
  place,
  RULES_PER_SECURITY_GROUP,
} from "../../../components/stage/placement";

const count = (numbers: number[], number: number) => numbers.filter((n) => n === number).length;

describe("place", () => {
  it("puts 45 services on a load balancer and the next on another: five listeners are left for changes", () => {
    const placed = place(51, 1);
    assert.deepEqual(placed[44], { loadBalancer: 0, securityGroup: 0 });
    assert.deepEqual(placed[45], { loadBalancer: 1, securityGroup: 0 });
  });

  it("fills a security group by one rule per service and zone, and leaves room for two changing services", () => {
    const groups = place(19, 3).map(({ securityGroup }) => securityGroup);
    assert.deepEqual(groups.slice(17), [0, 1]);
  });

  it("never exceeds a quota, and moves nobody when services are appended", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(100), fc.integer({ min: 1, max: 6 }), (services, more, zones) => {
        const placed = place(services, zones);
        for (const { loadBalancer, securityGroup } of placed) {
          assert.ok(
            count(
              placed.map((p) => p.loadBalancer),
              loadBalancer,
            ) <= LISTENERS_PER_LOAD_BALANCER,
          );
          assert.ok(
            count(
              placed.map((p) => p.securityGroup),
              securityGroup,
            ) *
              zones <=
              RULES_PER_SECURITY_GROUP,
          );
        }
        assert.deepEqual(place(services + more, zones).slice(0, services), placed);
      }),
      { numRuns: 50 },
    );
  });

  it("places nothing where there is no service", () => {
    assert.deepEqual(place(0, 2), []);
  });
});
