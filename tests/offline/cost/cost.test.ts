import assert from "node:assert/strict";
import { markdown } from "../../../offline/compare/style";
import { costOf } from "../../../offline/cost/cost";
import prices from "../../../offline/cost/prices.json";
import { costLine, costText } from "../../../offline/cost/text";

const resource = (type: string, inputs: Record<string, unknown> = {}, name = "dev") => ({
  type,
  name,
  inputs,
});
const lb = resource("aws:lb/loadBalancer:LoadBalancer");
const api = resource("aws:apigateway/restApi:RestApi");

describe("The cost estimate", () => {
  it("is zero for an empty stack", () => {
    const cost = costOf([]);
    assert.deepEqual([cost.fixedMonthly, cost.perMillionRequests, cost.fixed, cost.usage], [0, 0, [], []]);
  });

  it("charges a load balancer for each hour of a month", () => {
    assert.deepEqual(costOf([lb, lb]).fixed, [{ item: "Network Load Balancer", count: 2, amount: 32.85 }]);
  });

  it("charges a web ACL and each of its rules, and its requests only when it is associated", () => {
    const acl = resource("aws:wafv2/webAcl:WebAcl", { rules: [{}, {}, {}] });
    assert.equal(costOf([acl, api]).fixedMonthly, 8);
    const items = (more: ReturnType<typeof resource>[]) =>
      costOf([acl, api, ...more]).usage.map(({ item }) => item);
    assert.ok(!items([]).includes("web ACL requests"));
    assert.ok(
      items([resource("aws:wafv2/webAclAssociation:WebAclAssociation")]).includes("web ACL requests"),
    );
  });

  it("charges the authorizer by memory, duration and architecture", () => {
    const authorizer = (inputs: Record<string, unknown>) =>
      resource("aws:lambda/function:Function", inputs, "dev-read-authorizer");
    const amount = (inputs: Record<string, unknown>) =>
      costOf([api, authorizer(inputs)]).usage.find(({ item }) => item === "authorizer")?.amount;
    // 0.20 for the requests + 1e6 × 0.1 s × 0.25 GB × price of a GB second.
    assert.equal(amount({ memorySize: 256 }), 0.62);
    assert.equal(amount({ memorySize: 256, architectures: ["arm64"] }), 0.53);
  });

  it("charges an API cache by its size, and not when it is off", () => {
    const stage = (inputs: object) => resource("aws:apigateway/stage:Stage", { ...inputs });
    assert.equal(costOf([stage({ cacheClusterEnabled: true, cacheClusterSize: "6.1" })]).fixedMonthly, 146);
    assert.equal(costOf([stage({ cacheClusterSize: "6.1" })]).fixedMonthly, 0);
  });

  it("charges an Auto Scaling group for its desired instances of the launch template", () => {
    const cost = costOf([
      resource("aws:autoscaling/group:Group", { minSize: 2 }, "dev-psc"),
      resource(
        "aws:ec2/launchTemplate:LaunchTemplate",
        { instanceType: "t3.small", blockDeviceMappings: [{ ebs: { volumeSize: 20 } }] },
        "dev-psc",
      ),
    ]);
    assert.deepEqual(cost.fixed, [
      { item: "EC2 t3.small", count: 2, amount: 30.37 },
      { item: "EBS gp3 disk of 20 GB", count: 2, amount: 3.2 },
    ]);
  });

  it("charges the NAT gateways of a new network, which a plugin creates, and their addresses", () => {
    const vpc = (inputs: Record<string, unknown>) => costOf([resource("awsx:ec2:Vpc", inputs)]).fixed;
    assert.deepEqual(vpc({ natGateways: { strategy: "Single" }, numberOfAvailabilityZones: 3 }), [
      { item: "NAT gateway", count: 1, amount: 32.85 },
      { item: "public IPv4 address", count: 1, amount: 3.65 },
    ]);
    assert.equal(vpc({ natGateways: { strategy: "OnePerAz" }, numberOfAvailabilityZones: 2 })[0]?.count, 2);
    assert.equal(vpc({ availabilityZoneNames: ["a", "b"] })[0]?.count, 2);
    assert.deepEqual(vpc({ natGateways: { strategy: "None" } }), []);
  });

  it("charges web ACL logs and X-Ray traces only where the stack has them", () => {
    const items = (more: ReturnType<typeof resource>[]) =>
      costOf([api, ...more]).usage.map(({ item, amount }) => `${item} ${amount}`);
    const logging = resource("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration");
    const filtered = resource(logging.type, { loggingFilter: { defaultBehavior: "DROP" } });
    const traced = resource("aws:apigateway/stage:Stage", { xrayTracingEnabled: true });
    const found = items([logging, traced]);
    assert.ok(found.includes("X-Ray traces 0.25") && found.some((item) => item.startsWith("web ACL log ")));
    assert.ok(!items([filtered]).some((item) => /log|X-Ray/.test(item)));
  });

  it("names charges that it cannot include, with what they may come to", () => {
    const method = { "x-amazon-apigateway-integration": { type: "mock" } };
    const body = JSON.stringify({ paths: { "/x": { get: method, put: method } } });
    const settings = resource("aws:apigateway/methodSettings:MethodSettings", {
      settings: { metricsEnabled: true },
    });
    const withApi = [resource("aws:apigateway/restApi:RestApi", { body }), resource("aws:s3/bucket:Bucket")];
    const notes = costOf([...withApi, settings, resource("awsx:ec2:Vpc")]).notes.join("\n");
    assert.match(notes, /detailed metrics add up to 3\.00 a month: 0\.3 per metric, 5 metrics per method/);
    assert.match(notes, /NAT gateway adds 0\.045 per GB/);
    assert.match(notes, /S3 storage and requests are not included/);
    assert.doesNotMatch(costOf([api]).notes.join("\n"), /metrics|NAT|S3/);
  });

  it("names items without a price instead of counting them as free", () => {
    const cost = costOf([resource("aws:ec2/instance:Instance", { instanceType: "x99.huge" })]);
    assert.deepEqual(cost.fixed, []);
    assert.match(cost.notes[0] ?? "", /no price is known for EC2 x99.huge/);
  });

  it("says when the prices are of another region", () => {
    assert.match(
      costOf([], { region: "eu-west-1" }).notes.join("\n"),
      /those of us-east-1, the stack is in eu-west-1/,
    );
    assert.doesNotMatch(costOf([], { region: "us-east-1" }).notes.join("\n"), /those of/);
  });

  it("states the region and date of its prices in every text", () => {
    const cost = costOf([lb]);
    for (const text of [costText(cost), costLine(cost, markdown)]) {
      assert.ok(text.includes(prices.region) && text.includes(prices.date) && /estimate/i.test(text));
    }
  });

  it("shows what a change does to the cost", () => {
    assert.match(
      costLine(costOf([lb]), markdown, costOf([])),
      /0\.00 → \*\*16\.43\*\* USD a month and 0\.00 per million/,
    );
  });
});
