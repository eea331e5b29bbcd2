import assert from "node:assert/strict";
import { boundaryOf } from "../../../commands/ops/deploy-policy/boundary";
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

  it("names the partition of the region", () => {
    const [create] = statementsWith(
      "elasticloadbalancing:CreateLoadBalancer",
      deployPolicy([lb], { ...where, region: "us-gov-west-1" }),
    );
    assert.match(create?.Resource[0] ?? "", /^arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:/);
  });

  it("uses an explicit physical name before the logical one", () => {
    assert.equal(physicalName(resource("aws:lambda/function:Function", "dev-x", { name: "other" })), "other");
    assert.equal(
      physicalName(
        resource("aws:lambda/permission:Permission", "dev-x", { function: "dev-read-authorizer-1a2b3c4" }),
      ),
      "dev-read-authorizer-",
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

  const trust = (service: string) =>
    JSON.stringify({
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
    });
  const managed = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs";
  const boundary = "arn:aws:iam::123456789012:policy/gateway-boundary";
  const roles = (inputs: object = {}) => [
    resource("aws:iam/role:Role", "dev-logs-role", {
      assumeRolePolicy: trust("apigateway.amazonaws.com"),
      ...inputs,
    }),
    resource("aws:iam/role:Role", "dev-read-role", {
      assumeRolePolicy: trust("lambda.amazonaws.com"),
      ...inputs,
    }),
    resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "dev-logs-policy", {
      role: "dev-logs-role-1a2b3c4",
      policyArn: managed,
    }),
  ];

  it("passes the stack's own roles, each only to the service that its trust policy names", () => {
    const statements = statementsWith("iam:PassRole", deployPolicy(roles(), where));
    assert.deepEqual(
      statements.map(({ Resource, Condition }) => [Resource, Condition]),
      [
        ["logs", "apigateway"],
        ["read", "lambda"],
      ].map(([name, service]) => [
        [`arn:aws:iam::123456789012:role/dev-${name}-role-*`],
        { StringEquals: { "iam:PassedToService": [`${service}.amazonaws.com`] } },
      ]),
    );
  });

  it("attaches to a role only the managed policies that the program attaches to it", () => {
    const attach = statementsWith("iam:AttachRolePolicy", deployPolicy(roles(), where));
    assert.deepEqual(
      attach.map(({ Resource, Condition }) => [Resource, Condition]),
      [[["arn:aws:iam::123456789012:role/dev-logs-role-*"], { ArnEquals: { "iam:PolicyARN": [managed] } }]],
    );
  });

  it("extends a role's permissions only with the permissions boundary, where the roles have one", () => {
    const policy = deployPolicy(roles({ permissionsBoundary: boundary }), where);
    const extending = ["CreateRole", "PutRolePolicy", "AttachRolePolicy", "PutRolePermissionsBoundary"];
    for (const action of extending) {
      const statements = statementsWith(`iam:${action}`, policy);
      assert.ok(statements.length > 0, action);
      for (const { Condition } of statements)
        assert.deepEqual(Condition?.StringEquals, { "iam:PermissionsBoundary": [boundary] }, action);
    }
    const text = JSON.stringify(policy.documents);
    assert.doesNotMatch(
      text,
      /DeleteRolePermissionsBoundary|policy\/gateway-boundary"\],"Condition|CreatePolicyVersion/,
    );
    assert.deepEqual(statementsWith("iam:PutRolePermissionsBoundary", deployPolicy(roles(), where)), []);
  });

  it("writes a boundary with what the roles' policies allow, and nothing else", () => {
    const policy = JSON.stringify({
      Statement: [
        {
          Effect: "Allow",
          Action: "lambda:InvokeFunction",
          Resource: "arn:aws:lambda:us-east-1:1:function:dev-x-1a2b3c4",
        },
      ],
    });
    const declared = [...roles(), resource("aws:iam/rolePolicy:RolePolicy", "dev-policy", { policy })];
    const [invoke, logs, ...more] = boundaryOf(declared).Statement;
    assert.deepEqual(invoke, {
      Effect: "Allow",
      Action: ["lambda:InvokeFunction"],
      Resource: ["arn:aws:lambda:us-east-1:1:function:dev-x-*"],
    });
    assert.ok(logs?.Action.every((action) => action.startsWith("logs:")) && more.length === 0);
    const unknown = {
      role: "dev-logs-role-1a2b3c4",
      policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
    };
    assert.throws(
      () => boundaryOf([resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "x", unknown)]),
      /AdministratorAccess; write the boundary by hand/,
    );
  });

  it("changes only the stack's own DNS records, in the given zone", () => {
    const record = (name: string) => resource("aws:route53/record:Record", name, { name });
    const policy = deployPolicy([record("_0123abcd.Api.example.org."), record("api.example.org")], {
      ...where,
      zoneId: "Z0123456789",
    });
    const [change, ...more] = statementsWith("route53:ChangeResourceRecordSets", policy);
    assert.equal(more.length, 0);
    assert.deepEqual(change?.Resource, ["arn:aws:route53:::hostedzone/Z0123456789"]);
    assert.deepEqual(change?.Condition, {
      "ForAllValues:StringLike": {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_*.api.example.org", "api.example.org"],
      },
    });
  });

  it("excludes what another stack has tagged, where AWS chooses the ids", () => {
    const api = (tags?: object) => resource("aws:apigateway/restApi:RestApi", "uuid-api", { tags });
    const [tagged] = statementsWith("apigateway:DELETE", deployPolicy([api({ stage: "dev" })], where));
    assert.deepEqual(tagged?.Condition, { StringEqualsIfExists: { "aws:ResourceTag/stage": ["dev"] } });
    const [untagged] = statementsWith("apigateway:DELETE", deployPolicy([api()], where));
    assert.equal(untagged?.Condition, undefined);
    const group = resource("aws:ec2/securityGroup:SecurityGroup", "dev-sg", { tags: { stage: "dev" } });
    const tagging = statementsWith("ec2:CreateTags", deployPolicy([group], where));
    assert.deepEqual(
      tagging.map(({ Resource }) => Resource),
      [["arn:aws:ec2:us-east-1:123456789012:security-group/*"]],
      "a VPC of another stack is used, not tagged",
    );
    assert.deepEqual(tagging[0]?.Condition, tagged?.Condition);
  });

  it("adds permissions to the stack's own functions only", () => {
    const permission = resource("aws:lambda/permission:Permission", "x", { function: "dev-read-1a2b3c4" });
    const [add] = statementsWith("lambda:AddPermission", deployPolicy([permission], where));
    assert.deepEqual(add?.Resource, ["arn:aws:lambda:us-east-1:123456789012:function:dev-read-*"]);
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
