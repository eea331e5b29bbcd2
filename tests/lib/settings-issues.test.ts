import assert from "node:assert/strict";
import { z } from "zod";
import { schemasAt, settingsFinding, settingsIssues, settingsJsonSchema } from "../../lib/settings-issues";

const schema = z.strictObject({
  port: z.int().min(1).describe("Where the service listens").optional(),
  names: z.array(z.string()).min(2).optional(),
  mode: z.enum(["fast", "slow"]).optional(),
  rules: z.record(z.string().regex(/^GET /, "a key such as GET /x"), z.boolean()).optional(),
  options: z.union([z.boolean(), z.strictObject({ except: z.array(z.string()) })]).optional(),
});
const json = settingsJsonSchema(schema);

function issuesOf(value: unknown) {
  const { error } = schema.safeParse(value);
  assert.ok(error, "the value is accepted");
  return settingsIssues(error, json);
}

describe("what a schema finds wrong with settings, in words", () => {
  it("all at once: a type, a bound, a value and a key", () => {
    assert.deepEqual(issuesOf({ port: "80", names: ["a"], mode: "quick", rules: { x: true } }), [
      { path: ["port"], accepted: "a number" },
      { path: ["names"], accepted: "at least 2 entries" },
      { path: ["mode"], accepted: "fast, slow" },
      { path: ["rules", "x"], accepted: "a key such as GET /x" },
    ]);
  });
  it("an unknown key: the one that was meant, and those that exist", () => {
    assert.deepEqual(issuesOf({ prot: 1 }), [
      {
        path: ["prot"],
        unknown: true,
        accepted: "did you mean port? Known keys: port, names, mode, rules, options",
      },
    ]);
  });
  it("an unknown key that resembles none", () => {
    assert.deepEqual(
      issuesOf({ zzzzzz: 1 }).map(({ accepted }) => accepted),
      ["Known keys: port, names, mode, rules, options"],
    );
  });
  it("of alternatives, only the one whose type fits", () => {
    assert.deepEqual(issuesOf({ options: { except: ["/a"], excpet: 1 } }), [
      { path: ["options", "excpet"], unknown: true, accepted: "did you mean except? Known keys: except" },
    ]);
  });
  it("of alternatives, all where no type fits", () => {
    assert.deepEqual(issuesOf({ options: "yes" }), [
      { path: ["options"], accepted: "true or false, or a map of keys and values" },
    ]);
  });
  it("the schema at a path has the setting's description", () => {
    assert.deepEqual(
      schemasAt(json, ["port"]).map(({ description }) => description),
      ["Where the service listens"],
    );
    assert.deepEqual(schemasAt(json, ["nothing"]), []);
  });
  it("a finding has the key, what was found and what is accepted", () => {
    const [issue] = issuesOf({ port: "80" });
    assert.ok(issue);
    assert.deepEqual(settingsFinding(issue, { where: "s.yaml:1:1", key: "gateway:port", value: "80" }), {
      level: "error",
      rule: "invalid-settings",
      where: "s.yaml:1:1",
      message: 'gateway:port: found "80"; accepted: a number',
      key: "gateway:port",
      found: '"80"',
      accepted: "a number",
    });
  });
  it("a finding never shows a secret, and no more than 80 characters of a value", () => {
    const shown = (path: (string | number)[], value: unknown) =>
      settingsFinding({ path, accepted: "another" }, { where: "s", key: "k", value }).found;
    assert.equal(shown(["clientSecret"], "hunter2"), "a value that is not shown");
    assert.equal(shown(["a"], { password: "hunter2", b: 1 }), '{"password":"…","b":1}');
    assert.equal(shown(["a"], "x".repeat(1000))?.length, 78);
  });
});
