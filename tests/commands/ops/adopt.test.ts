import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { type Adoption, adoptGateway, writeFiles } from "../../../commands/ops/adopt/adopt";
import type { ImportEntry } from "../../../commands/ops/adopt/import-file";
import { withAutomaticNames } from "../../../commands/ops/adopt/state";
import { projectRoot } from "../../../lib/project-root";
import { compile, compileSettingsSchema, loadText, routesOf } from "../../../openapi";
import { recorded } from "../../support/fixtures";
import { balancer, inventory } from "./inventory";

describe("Adopting an existing gateway", function () {
  this.timeout(120_000);
  let folder: string;
  let definition: string;
  let adoption: Adoption;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "gateway-inventory-"));
    const { resources } = await recorded("dev");
    definition = String(resources.find(({ name }) => name === "uuid-api-api")?.inputs.body);
    writeFileSync(join(folder, "uuid.json"), definition);
    adoption = await adoptWith((given) => given);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function adoptWith(change: (given: ReturnType<typeof inventory>) => object): Promise<Adoption> {
    const file = join(folder, "gateway.json");
    writeFileSync(file, JSON.stringify(change(inventory())));
    return adoptGateway(projectRoot, file);
  }
  const entries = (given: Adoption) =>
    (JSON.parse(given.files["import.json"] ?? "") as { resources: ImportEntry[] }).resources;
  const idOf = (given: Adoption, type: string) =>
    entries(given)
      .filter((entry) => entry.id !== undefined && entry.type.endsWith(`:${type}`))
      .map(({ id }) => id);

  it("writes a plain spec, and settings that pin the current deployment", () => {
    const spec = adoption.files["specs/uuid-api.yaml"] ?? "";
    assert.doesNotMatch(spec, /x-amazon-apigateway/);
    const { config } = parse(adoption.files["Pulumi.dev.yaml"] ?? "") as { config: Record<string, unknown> };
    const [service] = config["gateway:services"] as Record<string, unknown>[];
    assert.equal(service?.deployment, "dep111");
    assert.deepEqual(service?.backend, { instances: ["i-010000000000000c1"] });
    assert.equal(service?.domain, "uuid-api.dev.example.org");
  });

  it("imports everything that has an id, under the program's names, types and parents", () => {
    const found = entries(adoption);
    const names = new Set(found.map(({ name }) => name));
    assert.equal(names.size, found.length, "names are unique in the file");
    for (const { parent } of found) if (parent) assert.ok(names.has(parent), parent);
    const described = found
      .filter(({ id }) => id)
      .map(({ type, name, logicalName, id }) => `${type.split(":").pop()} ${logicalName ?? name} ${id}`)
      .sort();
    assert.deepEqual(described, [
      "ApiMapping uuid-api.dev.example.org-mapping map111/uuid-api.dev.example.org",
      "Certificate uuid-api.dev.example.org-certificate arn:aws:acm:us-east-1:123456789012:certificate/1",
      "DomainName uuid-api.dev.example.org-domain uuid-api.dev.example.org",
      "IpSet dev-ipv4 set-4/old-v4/REGIONAL",
      `Listener dev-nlb-2222-listener ${balancer}/l`,
      `LoadBalancer dev-nlb ${balancer}`,
      "Record uuid-api.dev.example.org-record Z1_uuid-api.dev.example.org_CNAME",
      "RestApi uuid-api-api api111",
      "Stage uuid-api-stage api111/dev",
      "TargetGroup dev-2222 arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/old/2",
      "VpcLink dev-nlb-link abc123",
      "WebAcl dev-web-acl acl-1/old-acl/REGIONAL",
    ]);
  });

  it("gives back the gateway of the export when its spec and settings are compiled", () => {
    const { config } = parse(adoption.files["Pulumi.dev.yaml"] ?? "") as { config: Record<string, unknown> };
    const [service] = config["gateway:services"] as Record<string, unknown>[];
    const {
      name: _n,
      spec: _s,
      port: _p,
      backend: _b,
      domain: _d,
      deployment: _i,
      ...settings
    } = service ?? {};
    const uri =
      "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:x/invocations";
    const target = { uri, ttlSeconds: 0 };
    const compiled = compile(
      loadText(adoption.files["specs/uuid-api.yaml"] ?? "", "uuid-api.yaml"),
      compileSettingsSchema.parse(settings),
      { authorizers: { read: target, create: target, "data-admin": target }, notFound: { uri } },
    );
    const table = (of: unknown) =>
      routesOf(of)
        .map(({ method, path, access }) => `${method} ${path} ${access}`)
        .sort();
    assert.deepEqual(table(compiled.definition), table(JSON.parse(definition)));
  });

  const traffic = (given: Adoption) =>
    given.differences.filter((difference) => difference.traffic).map(({ message }) => message);

  it("reports the load balancer's security groups as the only change to traffic", () => {
    assert.equal(traffic(adoption).length, 1);
    assert.match(traffic(adoption)[0] ?? "", /security group replaces the load balancer's/);
  });

  it("reports what changes traffic: another stage name, another variable, a missing id", async () => {
    const given = await adoptWith((value) => {
      const [service] = value.services;
      assert.ok(service);
      service.stageName = "DEV";
      service.stageVariables = { VPCLINK: "other", HOST: "x" };
      service.listenerArn = undefined;
      return value;
    });
    const messages = traffic(given).join("\n");
    assert.match(messages, /its API stage is DEV; the program creates dev/);
    assert.match(messages, /VPCLINK changes from other to abc123/);
    assert.match(messages, /stage variable HOST is removed/);
    assert.match(messages, /no listenerArn: creating the listener fails because port 2222 is in use/);
    assert.deepEqual(idOf(given, "Stage"), []);
    assert.deepEqual(idOf(given, "Listener"), []);
  });

  it("does not adopt a load balancer that can never get a security group", async () => {
    const given = await adoptWith((value) => ({
      ...value,
      loadBalancer: { ...value.loadBalancer, securityGroups: [] },
    }));
    for (const type of ["LoadBalancer", "VpcLink", "Listener", "TargetGroup"])
      assert.deepEqual(idOf(given, type), []);
    assert.deepEqual(idOf(given, "RestApi"), ["api111"]);
    assert.match(traffic(given).join("\n"), /was created without a security group/);
  });

  it("refuses an inventory with every invalid key, and a file that is not an export", async () => {
    await assert.rejects(
      adoptWith((value) => ({
        ...value,
        region: 1,
        services: [{ ...value.services[0], port: 0, colour: "red" }],
      })),
      /does not describe a gateway[\s\S]*region[\s\S]*services\.0\.port[\s\S]*services\.0/,
    );
    mkdirSync(join(folder, "bad"), { recursive: true });
    writeFileSync(join(folder, "bad/x.json"), "{");
    await assert.rejects(
      adoptWith((value) => ({ ...value, services: [{ ...value.services[0], export: "bad/x.json" }] })),
      /is not an export that can be read/,
    );
    await assert.rejects(
      adoptWith((value) => ({ ...value, services: [{ ...value.services[0], export: "none.json" }] })),
      /none\.json cannot be read/,
    );
  });

  it("names the access levels that the exports use and the inventory lacks, with a route of each", async () => {
    await assert.rejects(
      adoptWith((value) => ({ ...value, levels: { write: { groups: ["g"] } } })),
      (error: Error) => {
        assert.match(error.message, /gateway\.json: "levels" has write, but the authorizers of the exports/);
        assert.match(error.message, /\n {2}read, the level of uuid-api: POST \/uuid and \d+ more\n/);
        assert.match(error.message, /"groups": \["…"\]/);
        return true;
      },
    );
  });

  it("says what follows when an optional id is missing", async () => {
    const given = await adoptWith((value) => {
      const { webAcl: _, ...rest } = value;
      const [service] = value.services;
      assert.ok(service);
      service.targetGroupArn = undefined as never;
      return rest;
    });
    const messages = traffic(given).join("\n");
    assert.match(messages, /no webAcl: the program creates a web ACL/);
    assert.match(messages, /no targetGroupArn: the program creates a target group/);
  });

  it("refuses a service name that would write outside the output folder, before it writes anything", async () => {
    for (const name of ["../evil", "/tmp/evil", "a/b", "..", "UPPER"]) {
      await assert.rejects(
        adoptWith((value) => ({ ...value, services: [{ ...value.services[0], name }] })),
        /services\.0\.name: lower-case letters, digits and hyphens/,
        name,
      );
    }
    assert.throws(
      () => writeFiles(join(folder, "out"), { "specs/../../escaped.yaml": "x" }),
      /outside .*out/,
    );
    assert.ok(!existsSync(join(folder, "escaped.yaml")) && !existsSync(join(folder, "out")));
  });

  it("overwrites no file", () => {
    writeFileSync(join(folder, "import.json"), "mine");
    assert.throws(() => writeFiles(folder, adoption.files), /already has import\.json/);
    assert.equal(readFileSync(join(folder, "import.json"), "utf8"), "mine");
  });
});

describe("The state after an import", () => {
  const state = (resources: object[]) => JSON.stringify({ version: 3, deployment: { resources } });

  it("has the names of auto-named types marked as such, once", () => {
    const group = {
      urn: "urn:tg",
      type: "aws:lb/targetGroup:TargetGroup",
      inputs: { name: "old", __defaults: [] },
    };
    const api = {
      urn: "urn:api",
      type: "aws:apigateway/restApi:RestApi",
      inputs: { name: "x", __defaults: [] },
    };
    const { state: text, marked } = withAutomaticNames(state([group, api, { type: "pulumi:pulumi:Stack" }]));
    assert.deepEqual(marked, ["urn:tg"]);
    const [first, second] = JSON.parse(text).deployment.resources;
    assert.deepEqual(first.inputs.__defaults, ["name"]);
    assert.deepEqual(second.inputs.__defaults, []);
    assert.deepEqual(withAutomaticNames(text).marked, []);
  });

  it("is refused when it is not a state export", () => {
    assert.throws(() => withAutomaticNames("nothing"), /not JSON/);
    assert.throws(() => withAutomaticNames("{}"), /`deployment` is missing/);
  });
});
