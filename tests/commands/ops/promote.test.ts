import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pinDeployment, showChange, validate } from "../../../commands/ops/stack/change";
import { promote } from "../../../commands/ops/stack/promote";
import { parseStackFile, pinnedDeployments } from "../../../commands/ops/stack/stack-file";

const file = (stack: string, services: string) =>
  parseStackFile(
    stack,
    `Pulumi.${stack}.yaml`,
    `config:\n  aws:region: us-east-1\n  gateway:services:${services}`,
  );

const from = file(
  "test",
  `
    # the first one
    - name: uuid-api
      spec: specs/uuid-api.yaml
      port: 2222
      backend: { instances: [i-0a] }
      # nobody else may
      access:
        default: read # as ever
        rules:
          "GET /status": public

      trailingSlash: true
      deployment: abc123
    - name: last-api
      spec: specs/last-api.yaml
      port: 1
`,
);

describe("Promoting a service's settings", () => {
  it("keeps where it runs and copies the rest, with comments and quotes as written", () => {
    const to = file(
      "stage",
      `
    # before
    - name: uuid-api   # a name
      port: 2223
      backend: { instances: [ i-0b ] }
      spec: "old.yaml"
      timeoutMs: { default: 5000 }
    # after
    - name: last-api
      port: 9 # nine
`,
    );
    assert.equal(
      promote(from, to, "uuid-api").text,
      `config:
  aws:region: us-east-1
  gateway:services:
    # before
    - name: uuid-api   # a name
      port: 2223
      backend: { instances: [ i-0b ] }
      spec: specs/uuid-api.yaml
      # nobody else may
      access:
        default: read # as ever
        rules:
          "GET /status": public

      trailingSlash: true
    # after
    - name: last-api
      port: 9 # nine
`,
    );
  });

  it("never copies ids of another stack's instances, networks or account", () => {
    const adopted = file(
      "test",
      `
    - name: uuid-api
      spec: specs/uuid-api.yaml
      port: 2222
      backend: { instances: [i-0123456789abcdef0] }
      catchAll: { uri: "arn:aws:lambda:us-east-1:111111111111:function:not-found" }
      integrations:
        "GET /x": { uri: "http://x", vpc: vpc-0123456789abcdef0 }
`,
    );
    const target = (more: string) =>
      file(
        "stage",
        `
    - name: uuid-api
      spec: old.yaml
      port: 2222
      backend: { instances: [i-0123456789abcdef1] }
${more}`,
      );
    assert.throws(
      () => promote(adopted, target(""), "uuid-api"),
      /Not copied[\s\S]* {2}catchAll: arn:aws:lambda:\S+not-found\n {2}integrations: vpc-0123456789abcdef0\n/,
    );
    const keeps = target("      catchAll: true\n      integrations: {}\n");
    const { text } = promote(adopted, keeps, "uuid-api");
    assert.match(text, /spec: specs\/uuid-api\.yaml/);
    assert.match(text, /catchAll: true\n {6}integrations: \{\}\n/);
    assert.doesNotMatch(text, /111111111111|vpc-|abcdef0/);
    const empty = file("stage", " []\n");
    assert.throws(
      () => promote(adopted, empty, "uuid-api", { backend: "{ instances: [i-0c] }" }),
      /Not copied/,
    );
  });

  it("refuses to copy a stack onto itself, and a new backend for a service that has one", () => {
    assert.throws(() => promote(from, from, "uuid-api"), /--from and --to are both test/);
    const there = file("stage", "\n    - name: uuid-api\n      port: 1\n");
    assert.throws(() => promote(from, there, "uuid-api", { port: 2 }), /already sets where uuid-api runs/);
  });

  it("changes nothing the second time", () => {
    const to = file("stage", "\n    - name: uuid-api\n      port: 1\n      backend: { instances: [i-0b] }\n");
    const once = promote(from, to, "uuid-api");
    const again = promote(from, parseStackFile("stage", "", once.text), "uuid-api");
    assert.equal(again.text, once.text);
    assert.equal(showChange(again), "");
  });

  it("adds a new service with the given backend, after the last one and before the next key", () => {
    const to = file("stage", "\n    - name: other-api\n      port: 7 # seven\n  gateway:tags: { a: b }\n");
    assert.equal(
      promote(from, to, "last-api", { backend: "{ instances: [i-0c] }", port: 11 }).text,
      `config:
  aws:region: us-east-1
  gateway:services:
    - name: other-api
      port: 7 # seven
    - name: last-api
      spec: specs/last-api.yaml
      port: 11
      backend: { instances: [i-0c] }
  gateway:tags: { a: b }
`,
    );
  });

  it("adds the first service of a stack that has none", () => {
    const to = file("prod", " []\n  gateway:tags: { a: b }\n");
    assert.equal(
      promote(from, to, "last-api", { backend: "{ instances: [i-0c] }" }).text,
      `config:
  aws:region: us-east-1
  gateway:services:
    - name: last-api
      spec: specs/last-api.yaml
      port: 1
      backend: { instances: [i-0c] }
  gateway:tags: { a: b }
`,
    );
  });

  it("never copies where a service runs or what it is rolled back to", () => {
    const { text } = promote(from, file("prod", " []\n"), "uuid-api", { backend: "{ instances: [i-0c] }" });
    assert.ok(!text.includes("i-0a") && !text.includes("abc123"));
  });

  it("refuses to guess where a new service runs", () => {
    assert.throws(
      () => promote(from, file("prod", " []\n"), "uuid-api"),
      /has no uuid-api yet\. Give its backend there/,
    );
  });

  it("refuses a service that the source does not have, and lists the services it has", () => {
    assert.throws(
      () => promote(from, file("prod", " []\n"), "uuid"),
      /Pulumi.test.yaml has no service uuid\. Its services: uuid-api, last-api/,
    );
  });

  it("refuses flow style", () => {
    const to = file("prod", "\n    - { name: uuid-api, port: 1 }\n");
    assert.throws(() => promote(from, to, "uuid-api"), /one key per line/);
  });

  it("shows the changed lines with their context, and nothing else", () => {
    const to = file("stage", "\n    - name: last-api\n      port: 9\n      spec: old.yaml\n");
    const shown = showChange(promote(from, to, "last-api"));
    assert.match(shown, /- {6}spec: old\.yaml\n\+ {6}spec: specs\/last-api\.yaml/);
    assert.doesNotMatch(shown, /[-+] {6}port/);
  });

  it("refuses a result that the program would refuse", () => {
    const to = file("stage", "\n    - name: last-api\n      port: 9\n      spec: old.yaml\n");
    assert.throws(
      () => validate(promote(from, to, "last-api")),
      /Pulumi.stage.yaml would be invalid:[\s\S]*network/,
    );
  });
});

describe("Pinning a deployment", () => {
  it("adds the id as a string, even one of digits only, and removes it again", () => {
    const pinned = pinDeployment(from, "last-api", "1234567").text;
    assert.match(pinned, /port: 1\n {6}deployment: "1234567"\n/);
    assert.equal(pinDeployment(parseStackFile("test", "", pinned), "last-api", undefined).text, from.text);
  });

  it("is found by prune however the id is written", () => {
    const folder = mkdtempSync(join(tmpdir(), "gateway-pins-"));
    const write = (stack: string, id: string) =>
      writeFileSync(
        join(folder, `Pulumi.${stack}.yaml`),
        `config:\n  gateway:services:\n    - name: a-api\n      deployment: ${id}\n    - name: b-api\n`,
      );
    write("dev", "abc123");
    write("test", '"123456"');
    write("stage", "12e456");
    write("prod", "012345");
    assert.deepEqual(pinnedDeployments(folder, "a-api").sort(), ["012345", "123456", "12e456", "abc123"]);
    assert.deepEqual(pinnedDeployments(folder, "b-api"), []);
    rmSync(folder, { recursive: true });
  });
});
