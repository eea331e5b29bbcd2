import assert from "node:assert/strict";
import { hasErrors } from "../../../lib/finding";
import { inTreeOrder, type Plan, planOf, planOfRecording } from "../../../offline/plan";
import { planText } from "../../../offline/plan/text";
import { recorded } from "../../support/fixtures";
import { temporaryProgram } from "../../support/temporary-program";
import { type Mistake, make, remove, set } from "../wires";

describe("A plan", function () {
  this.timeout(60_000);

  async function plan(mistake: Mistake = () => {}) {
    const recording = await recorded("dev");
    make(mistake, recording);
    return planOfRecording(recording);
  }

  /** Without the route pairs that every spec with path variables has. */
  const planted = ({ findings }: Plan) => findings.filter(({ rule }) => rule !== "path-traversal");

  it("of the dev stack has resources, routes, quotas and no error", async () => {
    const { stack, resources, routes, quotas, findings } = await plan();
    assert.equal(stack, "dev");
    assert.equal(hasErrors(findings), false);
    assert.ok(resources.some(({ type }) => type === "aws:apigateway/restApi:RestApi"));
    assert.ok(routes.some((route) => route.service === "entity-api" && route.access === "data-admin"));
    assert.deepEqual(
      quotas.filter(({ used, limit }) => used > limit),
      [],
    );
  });

  it("marks the 404 catch-all of each service, and no other route", async () => {
    const { routes } = await plan();
    const services = new Set(routes.map(({ service }) => service));
    const catchAlls = routes.filter(({ kind }) => kind === "catch-all");
    assert.deepEqual(new Set(catchAlls.map(({ service }) => service)), services);
    assert.ok(services.size > 1);
    assert.ok(catchAlls.every(({ integration }) => integration.includes("not-found")));
    assert.equal(
      catchAlls.length,
      routes.filter(({ integration }) => integration.includes("not-found")).length,
    );
  });

  it("lists parents before their children, each below its parent", async () => {
    const { resources } = await plan();
    const seen = new Set<string | undefined>([undefined]);
    for (const { urn, parent } of resources) {
      assert.ok(seen.has(parent), `${urn} precedes its parent`);
      seen.add(urn);
    }
    const one = { urn: "a" };
    const order = inTreeOrder([
      one,
      { urn: "b", parent: "a" },
      { urn: "c", parent: "a" },
      { urn: "d", parent: "b" },
    ]);
    assert.deepEqual(
      order.map(({ urn }) => urn),
      ["a", "b", "d", "c"],
    );
  });

  it("shows no secret", async () => {
    const { resources } = await plan((find) => {
      const group = find("LogGroup");
      group.secrets = ["name"];
    });
    assert.ok(resources.some(({ inputs }) => inputs.name === "[secret]"));
  });

  it("reports a wiring mistake as an error", async () => {
    const broken = await plan((find, recording) => remove(recording, find("Listener", "uuid-api")));
    assert.equal(hasErrors(broken.findings), true);
    assert.deepEqual(
      planted(broken).map(({ rule }) => rule),
      ["no-listener"],
    );
  });

  it("reports once what is wrong with many resources, with their number and the first of them", async () => {
    const untagged = await plan((_, recording) => {
      for (const { inputs } of recording.resources) if (inputs.tags) inputs.tags = {};
    });
    const [found, ...others] = planted(untagged);
    assert.deepEqual(others, []);
    assert.equal(found?.rule, "policy-tagged");
    assert.match(found?.where ?? "", /^\d{2} resources: aws:\S+ \S+, aws:\S+ \S+, aws:\S+ \S+, …$/);
  });

  const limits: [string, Mistake][] = [
    [
      "addresses of IP set",
      (find) => {
        find("IpSet").inputs.addresses = Array.from({ length: 10_001 }, () => "192.0.2.1/32");
      },
    ],
    [
      "longest load balancer or target group name",
      (find) => set(find("TargetGroup", "uuid-api"), { name: "x".repeat(33) }),
    ],
    [
      "resources of uuid-api",
      (find) => {
        const api = find("RestApi", "uuid-api");
        const document = JSON.parse(String(api.inputs.body));
        for (let index = 0; index < 300; index++) document.paths[`/more${index}`] = {};
        api.inputs.body = JSON.stringify(document);
      },
    ],
    [
      "VPC links",
      (find, recording) => {
        const link = find("VpcLink");
        recording.resources.push(
          ...Array.from({ length: 20 }, (_, index) => ({
            ...link,
            urn: `${link.urn}${index}`,
            id: `l${index}`,
          })),
        );
      },
    ],
  ];
  for (const [name, mistake] of limits) {
    it(`refuses to exceed the quota: ${name}`, async () => {
      const { findings } = await plan(mistake);
      assert.ok(
        findings.some(
          ({ level, rule, where }) =>
            level === "error" && rule === "quota-exceeded" && where.startsWith(name),
        ),
      );
    });
  }

  it("refuses a stage variable that API Gateway would refuse", async () => {
    const refused = await plan((find) => {
      const stage = find("Stage", "uuid-api", ({ restApi }) => restApi !== undefined);
      set(stage, { variables: { ...(stage.outputs.variables as object), NOTE: "one two" } });
    });
    assert.deepEqual(
      planted(refused).map(({ rule }) => rule),
      ["stage-variable-text"],
    );
  });

  it("reports a stage with an earlier deployment as information, not as an error", async () => {
    const pinned = await plan((find) =>
      set(
        find("Stage", "uuid-api", ({ restApi }) => restApi !== undefined),
        { deployment: "a1b2c3" },
      ),
    );
    assert.deepEqual(
      planted(pinned).map(({ level, rule }) => [level, rule]),
      [["info", "pinned-deployment"]],
    );
    assert.equal(hasErrors(pinned.findings), false);
  });

  it("has a text form: tree, routes, quotas, findings", async () => {
    const text = planText(await plan((find, recording) => remove(recording, find("Listener", "uuid-api"))));
    assert.match(
      text,
      /^Stack dev: \d+ AWS resources\n {2}pulumi:pulumi:Stack gateway-dev\n {4}gateway:index:/,
    );
    assert.match(text, /entity-api +GET +\/status /);
    assert.match(text, /VPC links +1 +of 20/);
    assert.match(text, /Findings: \d+\n {2}error no-listener\n {4}service uuid-api: /);
  });

  it("of refused settings has findings with file and line, and no resources", async () => {
    const { root, remove } = temporaryProgram({
      "index.ts": 'throw new Error("settings");',
      "Pulumi.dev.yaml": "config:\n  gateway:domain: example.org\n  gateway:servces: []\n",
    });
    const refused = await planOf("dev", { root });
    remove();
    assert.deepEqual([refused.resources, hasErrors(refused.findings)], [[], true]);
    const unknown = refused.findings.find(({ message }) => message.includes("servces"));
    assert.deepEqual([unknown?.rule, unknown?.where], ["settings", "Pulumi.dev.yaml:3:3"]);
  });

  it("warns when the stack file sets no region, so that it depends on who runs Pulumi", async () => {
    const rules = async (config: string) => {
      const program = { "index.ts": "export const a = 1;", "Pulumi.dev.yaml": `config:\n  ${config}\n` };
      const { root, remove } = temporaryProgram(program);
      const { findings } = await planOf("dev", { root });
      remove();
      return findings.map(({ level, rule }) => `${level} ${rule}`);
    };
    assert.ok((await rules("gateway:domain: example.org")).includes("warning region-not-set"));
    assert.ok(!(await rules("aws:region: us-east-1")).includes("warning region-not-set"));
  });

  it("of a program that fails for another reason says so", async () => {
    const { root, remove } = temporaryProgram({
      "index.ts": 'throw new Error("no bundles");',
      "Pulumi.dev.yaml": "config: {}\n",
    });
    const { findings } = await planOf("dev", { root });
    remove();
    assert.ok(findings.every(({ level }) => level === "error"));
    assert.ok(findings.length > 0);
  });

  const unreadable: [string, string, RegExp[]][] = [
    [
      "every YAML error",
      "config:\n  a: 1\n  a: 2\n  b: 1\n  b: 2\n",
      [
        /^Pulumi\.dev\.yaml:3:3: not valid YAML: Map keys/,
        /^Pulumi\.dev\.yaml:5:3: not valid YAML: Map keys/,
      ],
    ],
    [
      "an undefined alias",
      "config:\n  gateway:tags: *nope\n",
      [/^Pulumi\.dev\.yaml: not valid YAML: .*nope/],
    ],
  ];
  for (const [what, text, expected] of unreadable) {
    it(`of a stack file that cannot be read has ${what} as a finding, with its position`, async () => {
      const { root, remove: done } = temporaryProgram({ "index.ts": "", "Pulumi.dev.yaml": text });
      const found = await planOf("dev", { root });
      done();
      const lines = found.findings.map(({ level, where, message }) => `${where}: ${message} ${level}`);
      for (const [index, pattern] of expected.entries()) assert.match(lines[index] ?? "", pattern);
      assert.deepEqual([lines.length, hasErrors(found.findings)], [expected.length, true]);
    });
  }
});
