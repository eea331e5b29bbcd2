import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { CustomDomain } from "../../../components/edge/custom-domain";
import type { ApiServiceArgs } from "../../../components/rest-api/api-service";
import { restApi } from "../../../lib/quotas";
import { type Declared, declare } from "../../support/declare";
import { anUpstream, aService, aStage } from "../../support/stage";

const make = (
  changes: Partial<ApiServiceArgs> = {},
  stage: Parameters<typeof aStage>[0] = {},
): Promise<Declared> => declare(() => aService(aStage(stage), changes));
const onPort = (port: number, changes: Partial<ApiServiceArgs>) =>
  declare(() => {
    const stage = aStage();
    return aService(stage, { upstream: anUpstream(stage, port), ...changes });
  });
const trigger = async (changes: Partial<ApiServiceArgs>) =>
  (await make(changes)).one("Deployment").inputs.triggers;

describe("ApiService", () => {
  it("imports its definition as a whole and fails on a warning", async () => {
    const { inputs } = (await make()).one("RestApi");
    assert.equal(inputs.body, '{"openapi":"3.0.1"}');
    assert.equal(inputs.putRestApiMode, "overwrite");
    assert.equal(inputs.failOnWarnings, true);
    assert.deepEqual(inputs.endpointConfiguration, { types: "REGIONAL", ipAddressType: "dualstack" });
  });

  it("can be entered by its domain name only", async () => {
    assert.equal((await make()).one("RestApi").inputs.disableExecuteApiEndpoint, true);
  });

  it("is deployed anew exactly when its definition changes", async () => {
    const definition = '{"openapi":"3.0.1"}';
    const hash = createHash("sha256").update(definition).digest("hex");
    assert.deepEqual(await trigger({ definition }), { definition: hash });
    const elsewhere = await onPort(4444, { definition, keepDeployments: false });
    assert.deepEqual(elsewhere.one("Deployment").inputs.triggers, { definition: hash });
    assert.notDeepEqual(await trigger({ definition: '{"openapi":"3.0.2"}' }), { definition: hash });
  });

  it("keeps replaced deployments when asked to, and only then", async () => {
    assert.equal((await make()).one("Deployment").options.retainOnDelete, true);
    assert.equal(
      (await make({ keepDeployments: false })).one("Deployment").options.retainOnDelete,
      undefined,
    );
  });

  it("has a stage apart from the deployment, named like the gateway's stage, with the two variables", async () => {
    const declared = await make();
    const { inputs } = declared.one("Stage", "uuid-api-stage");
    assert.equal(inputs.stageName, "dev");
    assert.equal(inputs.deployment, declared.one("Deployment").id);
    assert.deepEqual(inputs.variables, {
      VPCLINK: declared.one("VpcLink").id,
      VPCNLB: `${declared.one("LoadBalancer").outputs.dnsName}:2222`,
    });
    assert.equal(declared.one("Deployment").inputs.stageName, undefined);
  });

  it("serves a pinned deployment, and still makes the definition's own", async () => {
    const declared = await make({ pinnedDeployment: "a1b2c3" });
    assert.equal(declared.one("Stage", "uuid-api-stage").inputs.deployment, "a1b2c3");
    assert.equal(declared.count("Deployment"), 1);
  });

  it("logs requests under /aws/vendedlogs/ by the plain ARN, and errors without bodies", async () => {
    const declared = await make();
    const { destinationArn, format } = declared.one("Stage", "uuid-api-stage").inputs.accessLogSettings as {
      destinationArn: string;
      format: string;
    };
    assert.doesNotMatch(destinationArn, /:\*$/);
    assert.match(destinationArn, /log-group:\/aws\/vendedlogs\//);
    assert.match(format, /\$context\.requestId/);
    assert.doesNotMatch(format, /authorizer\.key|authorizationToken|queryString/i);
    const settings = declared.one("MethodSettings").inputs.settings as Record<string, unknown>;
    assert.equal(settings.dataTraceEnabled, false);
  });

  it("keeps the execution log in a group with a retention, made before anything is logged", async () => {
    const declared = await make();
    const log = declared.one("LogGroup", "uuid-api-execution-log");
    assert.equal(log.inputs.name, `API-Gateway-Execution-Logs_${declared.one("RestApi").id}/dev`);
    assert.ok(declared.one("MethodSettings").options.dependsOn.includes(log.urn));
  });

  it("waits for the account's role where this stack sets it", async () => {
    const declared = await make({}, { ownsAccount: true });
    assert.ok(
      declared.one("Stage", "uuid-api-stage").options.dependsOn.includes(declared.one("Account").urn),
    );
  });

  it("listens on its port and targets the same port", async () => {
    const declared = await make();
    const listener = declared.one("Listener").inputs;
    assert.equal(listener.port, 2222);
    assert.equal(listener.loadBalancerArn, declared.one("LoadBalancer").outputs.arn);
    assert.deepEqual(listener.defaultActions, [
      { type: "forward", targetGroupArn: declared.one("TargetGroup").outputs.arn },
    ]);
    assert.equal(declared.one("TargetGroup").inputs.port, 2222);
    assert.equal(declared.one("TargetGroup").inputs.protocol, "TCP");
  });

  it("sends requests from the load balancer's addresses, and lets those in flight finish", async () => {
    const { inputs } = (await make()).one("TargetGroup");
    assert.equal(inputs.preserveClientIp, "false");
    assert.ok(Number(inputs.deregistrationDelay) * 1000 > restApi.integrationTimeoutMs.max);
  });

  it("leaves its target group to be named automatically, so that a new port replaces it", async () => {
    assert.equal((await make()).one("TargetGroup").inputs.name, undefined);
  });

  it("is let out of the load balancer to the backends on its port alone", async () => {
    const declared = await make();
    const { inputs } = declared.one("SecurityGroupEgressRule");
    assert.equal(inputs.securityGroupId, declared.one("SecurityGroup", "dev-nlb-sg").id);
    assert.equal(inputs.referencedSecurityGroupId, declared.one("SecurityGroup", "dev-backend-sg").id);
    assert.equal(inputs.cidrIpv4, undefined);
    assert.deepEqual([inputs.ipProtocol, inputs.fromPort, inputs.toPort], ["tcp", 2222, 2222]);
  });

  it("is let into the backends from each of the load balancer's addresses on its port alone", async () => {
    const declared = await make();
    const rules = declared.all("SecurityGroupIngressRule").map(({ inputs }) => inputs);
    assert.deepEqual(
      rules.map(({ cidrIpv4 }) => cidrIpv4),
      ["10.1.1.10/32", "10.1.2.10/32"],
    );
    for (const rule of rules) {
      assert.equal(rule.securityGroupId, declared.one("SecurityGroup", "dev-backend-sg").id);
      assert.deepEqual([rule.ipProtocol, rule.fromPort, rule.toPort], ["tcp", 2222, 2222]);
    }
  });

  it("has an instance admit the load balancer before it becomes a target", async () => {
    const declared = await make();
    const [attachment] = declared.all("NetworkInterfaceSecurityGroupAttachment");
    assert.ok(declared.one("TargetGroupAttachment").options.dependsOn.includes(attachment?.urn as string));
  });

  it("names by port what AWS has once per port, so that it can be renamed", async () => {
    const names = (await declare(() => aService(aStage(), {}, "another-api"))).names;
    for (const type of ["Listener", "SecurityGroupIngressRule", "SecurityGroupEgressRule"]) {
      const before = (await make()).all(type).map(({ name }) => name);
      for (const name of before) assert.ok(names.includes(name), name);
    }
  });

  it("may do without an upstream: nothing but its own function answers", async () => {
    const declared = await declare(() => {
      const stage = aStage({ redirects: { "uuid-api": "https://id-api.dev.example.org" } });
      aService(stage, { upstream: undefined });
    });
    for (const type of ["Listener", "TargetGroup", "SecurityGroupIngressRule", "TargetGroupAttachment"]) {
      assert.equal(declared.count(type), 0, type);
    }
    assert.deepEqual(declared.one("Stage", "uuid-api-stage").inputs.variables, {});
  });

  it("is open to callers only after the web ACL and the backend are in place", async () => {
    const declared = await make();
    const { dependsOn } = declared.one("ApiMapping").options;
    assert.ok(dependsOn.includes(declared.one("WebAclAssociation").urn));
    const behind = declared.one("Stage", "uuid-api-stage").options.dependsOn;
    for (const type of ["Listener", "TargetGroupAttachment"]) {
      assert.ok(behind.includes(declared.one(type).urn), type);
    }
    for (const { urn } of declared.all("SecurityGroupIngressRule")) assert.ok(behind.includes(urn));
    assert.equal(
      declared.one("WebAclAssociation").inputs.resourceArn,
      declared.one("Stage", "uuid-api-stage").outputs.arn,
    );
  });

  it("is throttled on every method when a throttle is given, and only then", async () => {
    const settings = async (throttle?: { rate: number; burst: number }) =>
      (await make({ throttle })).one("MethodSettings").inputs.settings;
    const logs = { metricsEnabled: true, loggingLevel: "ERROR", dataTraceEnabled: false };
    assert.deepEqual(await settings(), logs);
    assert.deepEqual(await settings({ rate: 10, burst: 5 }), {
      ...logs,
      throttlingRateLimit: 10,
      throttlingBurstLimit: 5,
    });
  });

  it("is behind the stage's web ACL before its domain name is mapped, without an allow list too", async () => {
    const declared = await make({}, { allow: undefined });
    const association = declared.one("WebAclAssociation");
    assert.equal(association.inputs.webAclArn, declared.one("webAcl:WebAcl").outputs.arn);
    assert.ok(declared.one("ApiMapping").options.dependsOn.includes(association.urn));
  });

  it("shares a domain by its base path, and gives its mapping up before the new one comes", async () => {
    const declared = await declare(() => {
      const stage = aStage();
      const domain = new CustomDomain("search-api.dev.example.org", {
        domain: "search-api.dev.example.org",
        zone: "example.org",
        zoneId: "Z0123456789ABC",
      });
      aService(stage, { domain, basePath: "v3" }, "search-api");
      aService(stage, { domain, upstream: anUpstream(stage, 3333) }, "old-search-api");
    });
    assert.deepEqual(
      declared.all("ApiMapping").map(({ name, inputs }) => [name, inputs.apiMappingKey]),
      [
        ["search-api.dev.example.org-mapping", undefined],
        ["search-api.dev.example.org-mapping-v3", "v3"],
      ],
    );
    assert.equal(
      declared.one("ApiMapping", "search-api.dev.example.org-mapping").options.deleteBeforeReplace,
      true,
    );
    assert.equal(declared.count("DomainName"), 1);
  });

  it("tells its URL", async () => {
    const declared = await make({ basePath: "v3" });
    assert.equal(declared.one("ApiService").outputs.url, "https://uuid-api.dev.example.org/v3");
  });

  it("is refused twice on one stage", async () => {
    await assert.rejects(
      declare(() => {
        const stage = aStage();
        const { domain } = {
          domain: new CustomDomain("d", {
            domain: "d.example.org",
            zone: "example.org",
            zoneId: "Z0123456789ABC",
          }),
        };
        aService(stage, { domain });
        aService(stage, { domain });
      }),
      /Two resources have the URN/,
    );
  });
});
