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
  it("narrows actions to names that begin with the resource's, where AWS can", () => {
    const [create] = statementsWith("elasticloadbalancing:CreateLoadBalancer");
    assert.deepEqual(create?.Resource, [
      "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/dev*/*",
    ]);
  });

  it("uses an explicit physical name before the logical one", () => {
    assert.equal(physicalName(resource("aws:lambda/function:Function", "dev-x", { name: "other" })), "other");
    assert.equal(
      physicalName(resource("aws:iam/rolePolicy:RolePolicy", "dev-x", { name: "a", role: "dev-role" })),
      "dev-role",
    );
  });

  it("contains no write action for a preview", () => {
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

  it("passes a role only to the service that uses it", () => {
    const policy = deployPolicy([resource("aws:lambda/function:Function", "dev-authorizer")], where);
    const [pass] = statementsWith("iam:PassRole", policy);
    assert.deepEqual(pass?.Condition, { StringEquals: { "iam:PassedToService": ["lambda.amazonaws.com"] } });
  });

  it("reports the types that it has no grant for, and ignores components and providers", () => {
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

  it("omits a pattern that another one already matches", () => {
    const fns = ["dev", "dev-authorizer"].map((name) => resource("aws:lambda/function:Function", name));
    const [create] = statementsWith("lambda:CreateFunction", deployPolicy(fns, where));
    assert.deepEqual(create?.Resource, ["arn:aws:lambda:us-east-1:123456789012:function:dev*"]);
  });
});

describe("The table of grants", () => {
  for (const [type, list] of Object.entries(grants)) {
    it(`has a reason where ${type} is granted more than its own name`, () => {
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

  it("agrees with the policies on actions that support no resource", () => {
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
