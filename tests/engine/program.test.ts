import assert from "node:assert/strict";
import { brief, EngineProgram, type Run, skipWithoutEngine } from "./engine";

/** Each test starts where the one before has ended: a life of two stages, as `pulumi` sees it. */
describe("In the real engine, a stage", function () {
  this.timeout(600_000);
  let program: EngineProgram;

  before(function () {
    skipWithoutEngine(this);
    program = new EngineProgram("dev");
    // Two services are enough to see that one leaves the other alone.
    program.configure((_, services) => services.splice(2, services.length - 2));
  });
  after(() => program?.remove());

  const passes = (run: Run): string[] => {
    assert.equal(run.code, 0, run.output.slice(-3000));
    return brief(run.operations);
  };
  const up = async () => passes(await program.run("up"));

  it("is previewed with nothing known, and made", async () => {
    passes(await program.run("preview"));
    const made = await up();
    assert.ok(made.every((operation) => operation.startsWith("create ")));
    assert.ok(made.includes("create ApiMapping uuid-api.dev.example.org-mapping"));
  });

  it("stays as it is when nothing changes", async () => {
    const run = await program.run("preview", { args: ["--expect-no-changes"] });
    assert.deepEqual(passes(run), []);
  });

  it("changes an API, its deployment and its stage with its spec, and keeps the old deployment", async () => {
    program.edit("specs/uuid-api.yaml", (text) => text.replace("title: Identifiers", "title: Names"));
    assert.deepEqual(await up(), [
      "update RestApi uuid-api-api",
      "create Deployment uuid-api-deployment",
      "update Stage uuid-api-stage",
    ]);
  });

  it("recovers from a failure between the import and the deployment", async () => {
    program.edit("specs/uuid-api.yaml", (text) => text.replace("title: Names", "title: Ids"));
    assert.notEqual((await program.run("up", { fail: "deployment:uuid" })).code, 0);
    assert.deepEqual(await up(), ["create Deployment uuid-api-deployment", "update Stage uuid-api-stage"]);
  });

  it("gives a new port a way beside the old one, which goes after the API has moved over", async () => {
    program.configure((_, [uuid]) => Object.assign(uuid as object, { port: 2223 }));
    const changes = await up();
    const moved = changes.indexOf("update Stage uuid-api-stage");
    for (const operation of changes.slice(0, moved)) assert.match(operation, /^create /);
    for (const operation of changes.slice(moved + 1)) assert.match(operation, /^delete /);
    const at = (change: string) => changes.indexOf(change);
    assert.ok(at("create Listener dev-nlb-2223-listener") >= 0);
    assert.ok(at("create Listener dev-nlb-2223-listener") < moved);
    assert.ok(at("delete Listener dev-nlb-2222-listener") > moved);
  });

  it("takes a new instance in after it admits the load balancer, and the old one out before it no longer does", async () => {
    const [old, fresh] = ["i-010000000000000c1", "i-010000000000000c9"];
    program.configure((_, [uuid]) => Object.assign(uuid as object, { backend: { instances: [fresh] } }));
    const changes = await up();
    const group = (instance: string) => `NetworkInterfaceSecurityGroupAttachment dev-backend-${instance}`;
    const target = (instance: string) => `TargetGroupAttachment dev-nlb-2223-target-${instance}`;
    const order = [
      `create ${group(fresh)}`,
      `create ${target(fresh)}`,
      `delete ${target(old)}`,
      `delete ${group(old)}`,
    ];
    assert.deepEqual(
      changes.filter((change) => order.includes(change)),
      order,
    );
  });

  it("lets a service take another name and keep its port and domain", async () => {
    program.configure((_, [uuid]) =>
      Object.assign(uuid as object, { name: "id-api", domain: "uuid-api.dev.example.org" }),
    );
    const changes = await up();
    assert.ok(
      !changes.some((change) => /Certificate|DomainName|Listener|Target/.test(change)),
      changes.join("\n"),
    );
  });

  it("adds and removes services without touching the others", async () => {
    program.configure((_, services) =>
      services.push({ ...services[0], name: "new-api", port: 5555, domain: "new.example.org" }),
    );
    const others = (changes: string[]) =>
      changes.filter((change) => !/new[-.]|5555|Schedule|keep-alive/.test(change));
    assert.deepEqual(others(await up()), []);
    program.configure((_, services) => services.pop());
    assert.deepEqual(others(await up()), []);
  });

  it("retires an API in place: callers are redirected before its way to the backend closes", async () => {
    program.configure((_, services) =>
      services.push({ ...services[0], name: "old-api", port: 5556, domain: "old.example.org" }),
    );
    await up();
    program.configure((config, services) => {
      services.pop();
      const redirectTo = "https://new.dev.example.org/v2";
      config["gateway:retired"] = [{ name: "old-api", domain: "old.example.org", redirectTo }];
    });
    const changes = await up();
    const at = (change: string) => {
      assert.ok(changes.includes(change), `${change} is missing in\n${changes.join("\n")}`);
      return changes.indexOf(change);
    };
    assert.ok(at("update RestApi old-api-api") < at("create Deployment old-api-deployment"));
    assert.ok(at("create RolePolicy dev-invoke-old-api-redirect-policy") < at("update RestApi old-api-api"));
    assert.ok(at("update Stage old-api-stage") < at("delete Listener dev-nlb-5556-listener"));
    assert.ok(
      !changes.some((change) => /(DomainName|ApiMapping|Certificate) /.test(change)),
      changes.join("\n"),
    );
    program.configure((config) => {
      delete config["gateway:retired"];
    });
    await up();
  });

  it("replaces a load balancer that has fixed addresses, old one first", async () => {
    const urn =
      "urn:pulumi:dev::gateway::gateway:index:Stage$gateway:index:NetworkLoadBalancer$aws:lb/loadBalancer:LoadBalancer::dev-nlb";
    const changes = passes(await program.run("up", { args: ["--replace", urn] }));
    const at = (change: string) => {
      assert.ok(changes.includes(change), `${change} is missing in\n${changes.join("\n")}`);
      return changes.indexOf(change);
    };
    assert.ok(at("delete VpcLink dev-nlb-link") < at("delete LoadBalancer dev-nlb"));
    assert.ok(at("delete LoadBalancer dev-nlb") < at("create LoadBalancer dev-nlb"));
    assert.ok(at("create VpcLink dev-nlb-link") < at("update Stage id-api-stage"));
  });

  it("keeps a protected load balancer until the protection is given up", async () => {
    program.configure((config) => {
      config["gateway:protect"] = true;
    });
    await up();
    const refused = await program.run("destroy");
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /cannot be deleted/);
    program.configure((config) => {
      config["gateway:protect"] = false;
    });
    await up();
  });

  it("tells a bad setting without a stack trace", async () => {
    program.configure((config) => {
      config["gateway:domian"] = "example.org";
    });
    const refused = await program.run("preview");
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /unknown key gateway:domian; did you mean domain\?/);
    assert.doesNotMatch(refused.output, /\n\s+at .*\.ts:/);
    program.configure((config) => {
      delete config["gateway:domian"];
    });
  });

  it("goes whole, but for the account's role", async () => {
    const gone = passes(await program.run("destroy"));
    assert.ok(gone.includes("delete LoadBalancer dev-nlb"));
    assert.ok(!gone.some((operation) => /Account dev|dev-logs-role/.test(operation)));
  });
});
