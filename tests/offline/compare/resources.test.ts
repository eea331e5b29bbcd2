import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withContents } from "../../../offline/compare/assets";
import { replacedBy } from "../../../offline/compare/replacements";
import { compareResources } from "../../../offline/compare/resources";

const tg = "aws:lb/targetGroup:TargetGroup";
const listener = "aws:lb/listener:Listener";
const resource = (type: string, name: string, inputs: Record<string, unknown>) => ({
  urn: `urn:pulumi:dev::gateway::${type}::${name}`,
  type,
  name,
  inputs,
});

describe("The estimate of what happens to resources", () => {
  it("distinguishes created, updated, replaced and deleted", () => {
    const changes = compareResources(
      [
        resource(tg, "a", { port: 1 }),
        resource(tg, "b", { port: 1, tags: {} }),
        resource(tg, "c", {}),
        resource(tg, "same", { x: [1] }),
      ],
      [
        resource(tg, "a", { port: 2 }),
        resource(tg, "b", { port: 1, tags: { k: "v" } }),
        resource(tg, "d", {}),
        resource(tg, "same", { x: [1] }),
      ],
    );
    assert.deepEqual(
      changes.map(({ kind, name, properties }) => [kind, name, properties]),
      [
        ["replace", "a", ["port"]],
        ["update", "b", ["tags"]],
        ["create", "d", []],
        ["delete", "c", []],
      ],
    );
  });

  it("ignores components and the stack itself", () => {
    const types = ["gateway:index:Stage", "pulumi:pulumi:Stack", "pulumi:providers:aws"];
    assert.deepEqual(
      compareResources(
        [],
        types.map((type) => resource(type, "x", {})),
      ),
      [],
    );
  });

  it("follows a replacement to the resources that refer to it", () => {
    const arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/a/1";
    const forward = resource(listener, "l", { defaultActions: [{ targetGroupArn: arn }] });
    const attached = resource("aws:lb/targetGroupAttachment:TargetGroupAttachment", "t", {
      targetGroupArn: arn,
    });
    const other = resource(listener, "o", { defaultActions: [{ targetGroupArn: "arn:other" }] });
    const group = (port: number) => resource(tg, "a", { port });
    const changes = compareResources(
      [group(1), forward, attached, other],
      [group(2), forward, attached, other],
      [{ urn: group(1).urn, id: arn, outputs: { arn } }],
    );
    assert.deepEqual(
      changes.map(({ kind, name }) => `${kind} ${name}`),
      ["replace a", "update l", "replace t"],
    );
  });

  it("leaves out inputs in ignoreChanges", () => {
    const deployment = (description: string) =>
      resource("aws:apigateway/deployment:Deployment", "d", { triggers: { definition: "a" }, description });
    const { urn } = deployment("");
    const recorded = [{ urn, id: "abc123", outputs: {}, options: { ignoreChanges: ["description"] } }];
    assert.deepEqual(compareResources([deployment("commit 1")], [deployment("commit 2")], recorded), []);
    assert.equal(compareResources([deployment("commit 1")], [deployment("commit 2")]).length, 1);
  });

  it("knows that a new definition replaces the deployment and updates the API and the stage", () => {
    assert.deepEqual(replacedBy("aws:apigateway/deployment:Deployment", ["triggers", "description"]), [
      "triggers",
    ]);
    assert.deepEqual(replacedBy("aws:apigateway/restApi:RestApi", ["body", "name"]), []);
    assert.deepEqual(replacedBy("aws:apigateway/stage:Stage", ["deployment", "variables"]), []);
  });
});

describe("The resources of a plan", () => {
  const inputs = { healthCheck: { path: "/health", matcher: undefined }, gone: undefined, ids: ["a"] };

  it("are equal before and after printing and parsing", () => {
    const direct = withContents([resource(tg, "a", inputs)], "/nowhere");
    const read = withContents(JSON.parse(JSON.stringify([resource(tg, "a", inputs)])), "/nowhere");
    assert.deepEqual(direct, read);
    assert.deepEqual(compareResources(read, direct), []);
  });

  it("are equal in any folder: files are compared by content, a health check's path as text", () => {
    const folders = ["a", "deep/er/b"].map((name) => {
      const folder = join(mkdtempSync(join(tmpdir(), "gateway-assets-")), name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "code.zip"), "same");
      return folder;
    });
    const [one = "", other = ""] = folders;
    const made = (folder: string) =>
      withContents([resource(tg, "a", { code: { path: join(folder, "code.zip") }, ...inputs })], folder);
    assert.deepEqual(made(one), made(other));
    assert.deepEqual(made(one)[0]?.inputs.healthCheck, { path: "/health" });
    writeFileSync(join(other, "code.zip"), "another");
    assert.deepEqual(compareResources(made(one), made(other))[0]?.properties, ["code"]);
  });

  it("still differ where a value was removed", () => {
    const before = withContents(
      [resource(tg, "a", { healthCheck: { path: "/", matcher: "200" } })],
      "/nowhere",
    );
    const [change] = compareResources(before, withContents([resource(tg, "a", inputs)], "/nowhere"));
    assert.equal(change?.kind, "update");
  });
});
