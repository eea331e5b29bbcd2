import assert from "node:assert/strict";
import type { Recording } from "../../offline/recording";
import { compileApis } from "../../stacks/apis";
import { parseSettings, type Settings } from "../../stacks/settings";
import { fixtures, recorded, recordFixture, stackConfig, stacks } from "../support/fixtures";

/** The characters that EC2 takes in the description of a security group or of a rule.
 * Source: Amazon EC2 API reference, CreateSecurityGroup, GroupDescription. */
const EC2_TEXT = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/;

const typed = ({ resources }: Recording, type: string) =>
  resources.filter((resource) => resource.type.endsWith(`:${type}`));

/** The same, where there must be some: what follows loops over them. */
function some(recording: Recording, type: string) {
  const found = typed(recording, type);
  assert.ok(found.length > 0, `no ${type} in ${recording.stack}`);
  return found;
}

/** The dev stack's settings with these instead of its own. */
function settingsOf(changes: Record<string, unknown>): Settings {
  const config = stackConfig("dev");
  return parseSettings({ ...config, ...changes }, { stack: "dev", file: "Pulumi.dev.yaml" });
}

describe("The program", function () {
  this.timeout(120_000); // a recording is a process of its own
  const recordings = new Map<string, Recording>();
  before(async () => {
    for (const stack of stacks) recordings.set(stack, await recorded(stack));
  });
  const of = (stack: string) => recordings.get(stack) as Recording;

  it("declares the same kinds of resources in dev, test and stage", () => {
    const kinds = (stack: string) => [...new Set(of(stack).resources.map(({ type }) => type))].sort();
    assert.deepEqual(
      kinds("test").filter((type) => !/account|Account|rolePolicyAtt/.test(type)),
      kinds("dev").filter((type) => !/account|Account|rolePolicyAtt/.test(type)),
    );
    assert.deepEqual(kinds("stage"), kinds("test"));
  });

  it("has a web ACL on every API of every stage, with address sets everywhere but in production", () => {
    for (const [stack, recording] of recordings) {
      assert.equal(some(recording, "WebAclAssociation").length, some(recording, "RestApi").length, stack);
      assert.equal(typed(recording, "IpSet").length, stack === "prod" ? 0 : 2, stack);
    }
  });

  it("protects every header that a security scheme of the specs uses", () => {
    const [acl] = typed(of("dev"), "WebAcl").filter(({ type }) => type.startsWith("aws:"));
    assert.match(JSON.stringify(acl?.inputs.dataProtectionConfig), /"workspace-authorization"/);
  });

  it("applies gateway:cors to API Gateway's own responses too, unless a service sets its own", () => {
    const config = stackConfig("dev");
    const [first, second, ...rest] = structuredClone(config["gateway:services"]) as object[];
    const services = [first, { ...second, gatewayResponses: { cors: false } }, ...rest];
    const allowed = (changes: object) => {
      const { apis } = compileApis(settingsOf({ "gateway:services": services, ...changes }), fixtures);
      const uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations";
      const target = { uri, ttlSeconds: 0 };
      const authorizers = { read: target, create: target, "data-admin": target };
      return apis.slice(0, 2).map(({ definition }) => {
        const responses = JSON.stringify(
          JSON.parse(definition({ authorizers, notFound: { uri } }))["x-amazon-apigateway-gateway-responses"],
        );
        return /Access-Control-Allow-Origin":"'https:\/\/portal\.example\.org'/i.test(responses ?? "");
      });
    };
    const cors = { "gateway:cors": { allowOrigin: "https://portal.example.org" } };
    assert.deepEqual(allowed(cors), [true, false]);
    assert.deepEqual(allowed({}), [false, false]);
  });

  it("names the settings line of a spec that does not exist, the nearest file and the others", () => {
    const config = stackConfig("dev");
    const services = structuredClone(config["gateway:services"]) as { spec: string }[];
    const [service] = services;
    assert.ok(service);
    service.spec = "specs/uuid-ap.yaml";
    const { findings, apis } = compileApis(settingsOf({ "gateway:services": services }), fixtures);
    const [missing] = findings.filter(({ rule }) => rule === "unreadable-file");
    assert.match(
      missing?.message ?? "",
      /^There is no file specs\/uuid-ap\.yaml\. Did you mean uuid-api\.yaml\? Files in specs: /,
    );
    assert.match(missing?.where ?? "", /^Pulumi\.dev\.yaml/);
    assert.equal(apis.length, services.length - 1);
  });

  it("gives every role the permissions boundary of the settings, and none without it", async () => {
    const boundary = "arn:aws:iam::123456789012:policy/gateway-boundary";
    const bounded = await recordFixture("dev", {
      settingsOverride: { "gateway:permissionsBoundary": boundary },
    });
    const of = (recording: Recording) =>
      some(recording, "Role").map(({ inputs }) => inputs.permissionsBoundary);
    assert.deepEqual(new Set(of(bounded)), new Set([boundary]));
    assert.deepEqual(new Set(of(recordings.get("dev") as Recording)), new Set([undefined]));
    await assert.rejects(
      recordFixture("dev", { settingsOverride: { "gateway:permissionsBoundary": "gateway-boundary" } }),
      /gateway:permissionsBoundary: found "gateway-boundary"; accepted: the ARN of a managed policy/,
    );
  });

  it("protects the load balancer of production only", () => {
    for (const [stack, recording] of recordings) {
      for (const { options } of some(recording, "LoadBalancer")) {
        assert.equal(options.protect === true, stack === "prod", stack);
      }
    }
  });

  it("gives every stage the same definitions but for the functions and the role that invokes them", () => {
    const definitions = (stack: string) =>
      some(of(stack), "RestApi").map(({ inputs }) =>
        String(inputs.body).replace(/(function:|role\/)[\w-]+/g, "$1"),
      );
    assert.deepEqual(definitions("prod"), definitions("dev"));
  });

  it("names every child after a resource above it, or after the port it serves", () => {
    for (const recording of recordings.values()) {
      const byUrn = new Map(recording.resources.map((resource) => [resource.urn, resource]));
      for (const resource of recording.resources) {
        const names: string[] = [];
        for (let parent = byUrn.get(resource.parent ?? ""); parent; parent = byUrn.get(parent.parent ?? ""))
          names.push(parent.name);
        if (names.length < 2) continue; // below the stack itself
        const domains = some(recording, "CustomDomain").map(({ name }) => name);
        const ports = some(recording, "TargetGroup").map(({ inputs }) => `${recording.stack}-${inputs.port}`);
        const stems = [...names, ...domains, ...ports, `${recording.stack}-nlb`];
        assert.ok(
          stems.some((stem) => resource.name === stem || resource.name.startsWith(`${stem}-`)),
          `${resource.type} ${resource.name}`,
        );
      }
    }
  });

  it("describes security groups and rules in the characters that EC2 takes", () => {
    for (const recording of recordings.values()) {
      for (const type of ["SecurityGroup", "SecurityGroupIngressRule", "SecurityGroupEgressRule"]) {
        for (const { name, inputs } of some(recording, type)) {
          assert.match(String(inputs.description), EC2_TEXT, name);
        }
      }
    }
  });

  it("admits single addresses only, those of the load balancers, and no other security group", () => {
    for (const recording of recordings.values()) {
      for (const { name, inputs } of some(recording, "SecurityGroupIngressRule")) {
        assert.match(String(inputs.cidrIpv4), /\/32$/, name);
        assert.deepEqual([inputs.cidrIpv6, inputs.referencedSecurityGroupId], [undefined, undefined], name);
      }
    }
  });

  it("has outputs with the addresses and IDs that operators need", () => {
    const { production, services, loadBalancers } = of("prod").outputs as {
      production: boolean;
      services: Record<string, Record<string, string>>;
      loadBalancers: { addresses: string[] }[];
    };
    assert.deepEqual([production, of("dev").outputs.production], [true, false]);
    assert.equal(services["uuid-api"]?.url, "https://uuid.api.example.org");
    assert.match(services["uuid-api"]?.deploymentId ?? "", /^[a-z0-9]+$/);
    assert.equal(loadBalancers[0]?.addresses.length, 3);
  });

  it("stops at a bad setting with its line and nothing declared, not with a stack trace", async () => {
    await assert.rejects(
      recordFixture("dev", { settingsOverride: { "gateway:ownsAccount": "maybe" } }),
      (error: Error) => {
        assert.match(
          error.message,
          /Pulumi\.dev\.yaml:\d+:\d+: gateway:ownsAccount: found "maybe"; accepted: true or false/,
        );
        assert.doesNotMatch(error.message, /\n\s+at /);
        return true;
      },
    );
  });

  it("stops at the errors of all specs at once", async () => {
    const service = (name: string, port: number, spec: string) => ({
      name,
      port,
      spec,
      backend: { instances: ["i-0123456789abcdef0"] },
    });
    await assert.rejects(
      recordFixture("dev", {
        settingsOverride: {
          "gateway:services": [
            service("a-api", 1000, "specs/no-a.yaml"),
            service("b-api", 1001, "specs/no-b.yaml"),
          ],
        },
      }),
      /2 errors in the settings and specs:\n.*no-a\.yaml.*\n.*no-b\.yaml/,
    );
  });

  it("leaves a service whose health route does not exist or needs a token out of the keep-alive, and says so", async () => {
    const services = (health: string, spec = "specs/uuid-api.yaml") => [
      {
        name: "uuid-api",
        port: 2222,
        spec,
        backend: { instances: ["i-0123456789abcdef0"] },
        health,
      },
    ];
    const targets = async (health: string) => {
      const recording = await recordFixture("dev", {
        settingsOverride: { "gateway:services": services(health) },
      });
      return JSON.stringify(typed(recording, "Schedule").concat(typed(recording, "Function"))).includes(
        "https://uuid-api.dev.example.org/",
      );
    };
    assert.equal(await targets("GET /status"), true);
    assert.equal(await targets("GET /nowhere"), false);
    const findings = (health: string, spec?: string) =>
      compileApis(settingsOf({ "gateway:services": services(health, spec) }), fixtures)
        .findings.filter(({ rule }) => rule === "health-route")
        .map(({ level, message }) => `${level}: ${message}`)
        .join("\n");
    assert.match(
      findings("GET /nowhere"),
      /^warning: .*skips uuid-api.*GET \/nowhere is not in the spec.*Set health to a public GET route \(.*GET \/status\)/,
    );
    assert.match(
      findings("GET /metadata/usergroups", "specs/ingest-api.yaml"),
      /^warning: .*GET \/metadata\/usergroups requires access level read/,
    );
    assert.equal(findings("GET /status"), "");
  });

  it("runs as a preview does, in which no id is known, and declares the same", async () => {
    const names = ({ resources }: Recording) => resources.map(({ urn }) => urn).sort();
    assert.deepEqual(names(await recordFixture("dev", { preview: true })), names(of("dev")));
  });
});
