import assert from "node:assert/strict";
import * as fc from "fast-check";
import { assignLoadBalancers } from "../../../components/stage/assignment";

const count = (numbers: number[], number: number) => numbers.filter((n) => n === number).length;

describe("assignLoadBalancers", () => {
  it("assigns 45 services to a load balancer and the next to another, which leaves five listeners for replacements", () => {
    const assigned = assignLoadBalancers(51, 1);
    assert.deepEqual(assigned[44], { loadBalancer: 0, securityGroup: 0 });
    assert.deepEqual(assigned[45], { loadBalancer: 1, securityGroup: 0 });
  });

  it("counts one rule per service and zone in a security group, and leaves room for two replacements", () => {
    const groups = assignLoadBalancers(19, 3).map(({ securityGroup }) => securityGroup);
    assert.deepEqual(groups.slice(17), [0, 1]);
  });

  it("never exceeds a quota, and moves no service when others are appended", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(100), fc.integer({ min: 1, max: 6 }), (services, more, zones) => {
        const assigned = assignLoadBalancers(services, zones);
        for (const { loadBalancer, securityGroup } of assigned) {
          assert.ok(
            count(
              assigned.map((p) => p.loadBalancer),
              loadBalancer,
            ) <= 50,
          );
          assert.ok(
            count(
              assigned.map((p) => p.securityGroup),
              securityGroup,
            ) *
              zones <=
              60,
          );
        }
        assert.deepEqual(assignLoadBalancers(services + more, zones).slice(0, services), assigned);
      }),
      { numRuns: 50 },
    );
  });

  it("assigns nothing without services", () => {
    assert.deepEqual(assignLoadBalancers(0, 2), []);
  });
});
