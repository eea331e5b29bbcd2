import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { stringify } from "yaml";
import { NAME_LIMITS } from "../../components/names";
import { projectRoot } from "../../lib/project-root";
import { type Recording, record } from "../../offline/recording";
import { fixtures, stackConfig } from "../support/fixtures";

/** What a name of each type may be, where Pulumi makes it of the logical name. */
const LIMITS: Record<string, number> = {
  "aws:autoscaling/group:Group": NAME_LIMITS.scalingGroup,
  "aws:autoscaling/policy:Policy": NAME_LIMITS.scalingPolicy,
  "aws:cloudwatch/metricAlarm:MetricAlarm": NAME_LIMITS.alarm,
  "aws:ec2/launchTemplate:LaunchTemplate": NAME_LIMITS.launchTemplate,
  "aws:ec2/securityGroup:SecurityGroup": NAME_LIMITS.securityGroup,
  "aws:iam/instanceProfile:InstanceProfile": NAME_LIMITS.instanceProfile,
  "aws:iam/role:Role": NAME_LIMITS.role,
  "aws:iam/rolePolicy:RolePolicy": NAME_LIMITS.rolePolicy,
  "aws:lambda/function:Function": NAME_LIMITS.function,
  "aws:lb/loadBalancer:LoadBalancer": NAME_LIMITS.loadBalancer,
  "aws:lb/targetGroup:TargetGroup": NAME_LIMITS.targetGroup,
  "aws:s3/bucket:Bucket": NAME_LIMITS.bucket,
  "aws:scheduler/schedule:Schedule": NAME_LIMITS.schedule,
  "aws:scheduler/scheduleGroup:ScheduleGroup": NAME_LIMITS.scheduleGroup,
  "aws:ssm/document:Document": NAME_LIMITS.document,
  "aws:wafv2/ipSet:IpSet": NAME_LIMITS.ipSet,
  "aws:wafv2/webAcl:WebAcl": NAME_LIMITS.webAcl,
};

/** Names that the program gives, as an input. Sources: CloudWatch Logs CreateLogGroup, Lambda PublishLayerVersion. */
const GIVEN: Record<string, { input: string; limit: number }> = {
  "aws:cloudwatch/logGroup:LogGroup": { input: "name", limit: 512 },
  "aws:lambda/layerVersion:LayerVersion": { input: "layerName", limit: 140 },
};

/** Types whose names AWS does not limit, that have none, or whose name is a domain's or another resource's. */
const UNLIMITED = new Set(
  `acm/certificate acm/certificateValidation apigateway/account apigateway/deployment apigateway/domainName
  apigateway/methodSettings apigateway/restApi apigateway/stage apigateway/vpcLink apigatewayv2/apiMapping
  autoscaling/attachment ec2/networkInterfaceSecurityGroupAttachment iam/rolePolicyAttachment
  lambda/functionEventInvokeConfig lb/listener lb/targetGroupAttachment route53/record
  s3/bucketLifecycleConfiguration s3/bucketLogging s3/bucketOwnershipControls s3/bucketPolicy
  s3/bucketPublicAccessBlock s3/bucketServerSideEncryptionConfiguration s3/bucketVersioning ssm/association
  vpc/securityGroupEgressRule vpc/securityGroupIngressRule wafv2/webAclAssociation
  wafv2/webAclLoggingConfiguration`.split(/\s+/),
);

const STACK = "s".repeat(16);
/** With the stack's name, the longest that the settings accept; see the rule of the levels. */
const LEVEL = "l".repeat(19);
const service = (letter: string) => letter.repeat(19);

function longestNames(): Record<string, unknown> {
  const config = stackConfig("prod");
  const psc = { host: "a.psc.example.edu", port: 8443, addresses: ["192.0.2.0/25"], healthPath: "/status" };
  const spec = "specs/uuid-api.yaml";
  return {
    ...config,
    "gateway:levels": { ...(config["gateway:levels"] as object), [LEVEL]: { groups: ["g"] } },
    "gateway:keepAlive": stackConfig("dev")["gateway:keepAlive"],
    "gateway:allow": stackConfig("dev")["gateway:allow"],
    "gateway:retired": [{ name: service("r"), redirectTo: "https://example.org" }],
    "gateway:services": [
      { name: service("a"), spec, port: 65535, backend: { instances: ["i-040000000000000c1"] } },
      { name: service("b"), spec, port: 65534, backend: { psc } },
      { name: service("c"), spec, port: 65533, backend: { psc: { ...psc, proxy: "i-040000000000000c2" } } },
    ],
  };
}

async function recordLongest(): Promise<Recording> {
  const root = mkdtempSync(join(tmpdir(), "gateway-names-"));
  try {
    cpSync(join(fixtures, "specs"), join(root, "specs"), { recursive: true });
    const main = relative(root, projectRoot);
    writeFileSync(join(root, "Pulumi.yaml"), stringify({ name: "gateway", main, runtime: "nodejs" }));
    writeFileSync(join(root, `Pulumi.${STACK}.yaml`), stringify({ config: longestNames() }));
    return await record(STACK, { root });
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe("The names of a stack whose settings are as long as they may be", () => {
  let resources: Recording["resources"];
  before(async () => {
    resources = (await recordLongest()).resources.filter(({ type }) => type.startsWith("aws:"));
  });

  it("are all of a type that the limits know", () => {
    const shortType = (type: string) => type.split(":")[1] ?? "";
    const isKnown = (type: string) =>
      Object.hasOwn(LIMITS, type) || Object.hasOwn(GIVEN, type) || UNLIMITED.has(shortType(type));
    const types = [...new Set(resources.map(({ type }) => type))];
    assert.deepEqual(
      types.filter((type) => !isKnown(type)),
      [],
    );
    // Otherwise the test would say nothing about a type.
    assert.deepEqual(
      [...Object.keys(LIMITS), ...Object.keys(GIVEN)].filter((type) => !types.includes(type)),
      [],
    );
  });

  it("are not longer than AWS allows, with the 8 characters that Pulumi appends", () => {
    const lengths = resources.flatMap(({ type, name, inputs }) => {
      const given = GIVEN[type];
      const text = given ? String(inputs[given.input]) : `${name}-1234567`;
      const limit = given?.limit ?? LIMITS[type];
      return limit === undefined ? [] : [{ text, limit }];
    });
    assert.ok(lengths.some(({ text }) => text.startsWith(`${STACK}-${LEVEL}-authorizer-function`)));
    assert.deepEqual(
      lengths.filter(({ text, limit }) => text.length > limit),
      [],
    );
    assert.ok(lengths.some(({ text, limit }) => text.length === limit));
  });
});
