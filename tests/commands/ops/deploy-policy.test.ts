import assert from "node:assert/strict";
import {
  deployPolicy,
  grants,
  MAX_DOCUMENT,
  physicalName,
} from "../../../commands/ops/deploy-policy/document";
import { needsAnyResource } from "../../../policies/rules/iam";

const where = { region: "us-east-1", account: "123456789012" };
const resource = (type: string, name: string, inputs: Record<string, unknown> = {}) => ({
  type,
  name,
  inputs,
});
const lb = resource("aws:lb/loadBalancer:LoadBalancer", "dev");
const statementsWith = (action: string, policy = deployPolicy([lb], where)) =>
  policy.documents.flatMap(({ Statement }) => Statement).filter(({ Action }) => Action.includes(action));

describe("The deploy policy", () => {
  it("narrows what AWS lets it narrow to names that begin with the resource's own", () => {
    const [create] = statementsWith("elasticloadbalancing:CreateLoadBalancer");
    assert.deepEqual(create?.Resource, [
      "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/dev*/*",
    ]);
  });

  it("takes an explicit physical name before the logical one", () => {
    assert.equal(physicalName(resource("aws:lambda/function:Function", "dev-x", { name: "other" })), "other");
    assert.equal(
      physicalName(resource("aws:iam/rolePolicy:RolePolicy", "dev-x", { name: "a", role: "dev-role" })),
      "dev-role",
    );
  });

  it("asks for no write at all where only a preview runs", () => {
    const actions = deployPolicy([lb, resource("aws:apigateway/restApi:RestApi", "x")], {
      ...where,
      readOnly: true,
    })
      .documents.flatMap(({ Statement }) => Statement)
      .flatMap(({ Action }) => Action);
    assert.ok(actions.includes("apigateway:GET"));
    assert.deepEqual(
      actions.filter((action) => !/:(GET|Get|Describe|List)/.test(action)),
      [],
    );
  });

  it("hands a role only to the service that runs with it", () => {
    const policy = deployPolicy([resource("aws:lambda/function:Function", "dev-authorizer")], where);
    const [pass] = statementsWith("iam:PassRole", policy);
    assert.deepEqual(pass?.Condition, { StringEquals: { "iam:PassedToService": ["lambda.amazonaws.com"] } });
  });

  it("says which types it cannot grant, and passes over components and providers", () => {
    const types = ["aws:nosuch/thing:Thing", "gateway:index:Stage", "pulumi:providers:aws"];
    assert.deepEqual(
      deployPolicy(
        types.map((type) => resource(type, "x")),
        where,
      ).uncovered,
      ["aws:nosuch/thing:Thing"],
    );
  });

  it("keeps every document within the size of a managed policy, however many services there are", () => {
    const many = Array.from({ length: 300 }, (_, n) =>
      resource("aws:lb/targetGroup:TargetGroup", `service-${n}-x`),
    );
    const { documents } = deployPolicy(many, where);
    assert.ok(documents.length > 1);
    for (const document of documents) assert.ok(JSON.stringify(document).length <= MAX_DOCUMENT);
    const names = documents.flatMap(({ Statement }) => Statement.flatMap(({ Resource }) => Resource));
    assert.ok(names.some((arn) => arn.includes("service-299-x")));
  });

  it("names one pattern where it already admits another", () => {
    const fns = ["dev", "dev-authorizer"].map((name) => resource("aws:lambda/function:Function", name));
    const [create] = statementsWith("lambda:CreateFunction", deployPolicy(fns, where));
    assert.deepEqual(create?.Resource, ["arn:aws:lambda:us-east-1:123456789012:function:dev*"]);
  });
});

describe("The table of grants", () => {
  for (const [type, list] of Object.entries(grants)) {
    it(`says why wherever ${type} is granted more than its own name`, () => {
      for (const { on, because } of list) {
        const isNamed = on.every(
          (arn) => arn.includes("{name}") || !/[:/]\*/.test(arn.replace(/\/tags\/\*$/, "")),
        );
        const isServiceLinked = on.some((arn) => arn.includes("/aws-service-role/"));
        assert.ok(isNamed || isServiceLinked || because !== undefined, `${type} on ${on}`);
      }
    });
  }

  it("has no wildcard in any action", () => {
    const actions = Object.values(grants)
      .flat()
      .flatMap(({ read, write }) => [...read, ...write]);
    assert.deepEqual(
      actions.filter((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action)),
      [],
    );
  });

  it("reads the same list of actions without resources as the policies do, for logs and metadata", () => {
    for (const action of [
      "ec2:DescribeVpcs",
      "logs:DescribeLogGroups",
      "elasticloadbalancing:DescribeTags",
    ]) {
      assert.ok(needsAnyResource(action), action);
    }
    assert.ok(!needsAnyResource("ec2:RunInstances"));
  });
});
