import assert from "node:assert/strict";
import { join } from "node:path";
import { projectRoot } from "../../lib/project-root";
import { brief, EngineProgram, type Run, skipWithoutEngine, withoutCheckpoints } from "./engine";
import { apis, whyUnreachable } from "./traffic/trace";
import { pass, walk } from "./traffic/walk";
import { World } from "./traffic/world";

type Services = Record<string, unknown>[];

/** Creates one of everything that an API has, updates others and deletes an API. */
const change = (services: Services) => {
  services.splice(1, 1);
  services.push({
    name: "new-api",
    spec: "specs/docs.yaml",
    port: 4444,
    backend: { instances: ["i-0a000000000000004"] },
  });
  Object.assign(services[0] as object, { timeoutMs: { default: 12_000 } });
};

/** What fails once: the operation, and the end of the resource's type and a part of its name. */
const faults: [op: string, fault: string][] = [
  ["create", "certificate:Certificate:new-api"],
  ["create", "record:Record:new-api"],
  ["create", "domainName:DomainName:new-api"],
  ["create", "restApi:RestApi:new-api"],
  ["create", "deployment:Deployment:new-api"],
  ["create", "stage:Stage:new-api"],
  ["create", "apiMapping:ApiMapping:new-api"],
  ["create", "webAclAssociation:WebAclAssociation:new-api"],
  ["create", "methodSettings:MethodSettings:new-api"],
  ["create", "listener:Listener:4444"],
  ["create", "targetGroup:TargetGroup:4444"],
  ["create", "targetGroupAttachment:TargetGroupAttachment:4444"],
  ["create", "securityGroupIngressRule:SecurityGroupIngressRule:4444"],
  ["create", "securityGroupEgressRule:SecurityGroupEgressRule:4444"],
  ["create", "networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment:"],
  ["create", "logGroup:LogGroup:new-api"],
  ["update", "restApi:RestApi:ids-api"],
  ["create", "deployment:Deployment:ids-api"],
  ["update", "stage:Stage:ids-api"],
  ["delete", "apiMapping:ApiMapping:docs-api"],
  ["delete", "stage:Stage:docs-api"],
  ["delete", "listener:Listener:3333"],
  ["delete", "targetGroup:TargetGroup:3333"],
  ["delete", "securityGroupIngressRule:SecurityGroupIngressRule:3333"],
  ["delete", "domainName:DomainName:docs-api"],
  ["delete", "restApi:RestApi:docs-api"],
  ["delete", "certificate:Certificate:docs-api"],
];
/** The others take as long again; `ENGINE_FAULTS=all` runs them. */
const chosen = process.env.ENGINE_FAULTS === "all" ? faults : faults.filter((_, index) => index % 4 === 2);

describe("In the real engine, a run that ends half-way", function () {
  this.timeout(600_000);
  let program: EngineProgram;
  let restore: () => void;
  let start: World;
  let complete: string[];

  before(async function () {
    skipWithoutEngine(this);
    program = new EngineProgram("changes", join(projectRoot, "tests/fixtures/engine"));
    start = worldAfter(new World(), await succeeds());
    restore = program.snapshot();
    program.configure((_, services) => change(services));
    complete = names(worldAfter(start, await succeeds()));
  });
  beforeEach(() => restore());
  after(() => program?.remove());

  const up = (env: Record<string, string> = {}) =>
    program.run("up", { args: ["--skip-preview"], env: { ...withoutCheckpoints, ...env } });
  async function succeeds(): Promise<Run> {
    const run = await up();
    assert.equal(run.code, 0, run.output.slice(-4000));
    return run;
  }

  function worldAfter(before: World, ...runs: Run[]): World {
    const world = before.clone();
    for (const operation of runs.flatMap(({ log }) => log)) world.apply(operation);
    pass(world);
    pass(world);
    return world;
  }

  /** Of everything that AWS holds, deployments apart: those that were replaced stay. */
  function names(world: World): string[] {
    return world.resources
      .filter(({ kind }) => kind !== "Deployment")
      .map(({ kind, name }) => `${kind} ${name}`)
      .sort();
  }

  for (const [op, fault] of chosen) {
    it(`after the ${op} of ${fault} has failed, converges: nothing is left over or made twice`, async () => {
      program.configure((_, services) => change(services));
      const failed = await up({ OFFLINE_AWS_FAIL: fault, OFFLINE_AWS_FAIL_OP: op });
      assert.notEqual(failed.code, 0);
      assert.match(failed.output, /injected fault/);
      const standing = worldAfter(start, failed);
      for (const api of apis(start).filter(({ domain }) => !domain.startsWith("docs-api"))) {
        assert.equal(whyUnreachable(standing, api), undefined);
      }
      const again = await succeeds();
      assert.deepEqual(names(worldAfter(start, failed, again)), complete);
      const preview = await program.run("preview", { args: ["--expect-no-changes"] });
      assert.equal(preview.code, 0, preview.output.slice(-2000));
    });
  }

  it("keeps everything that serves when a protected stage is destroyed without a preview", async () => {
    program.configure((config) => Object.assign(config, { "gateway:protect": true }));
    const world = worldAfter(start, await succeeds());
    const run = await program.run("destroy", { args: ["--skip-preview"] });
    assert.notEqual(run.code, 0);
    assert.match(run.output, /cannot be deleted/);
    const { outages, gone } = walk(world, run.log);
    assert.deepEqual({ outages, gone }, { outages: [], gone: [] }, brief(run.operations).join("\n"));
  });
});
