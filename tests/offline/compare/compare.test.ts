import assert from "node:assert/strict";
import type { Severity } from "../../../lib/finding";
import { compare } from "../../../offline/compare/compare";
import { CONSEQUENCES } from "../../../offline/compare/consequences";
import type { PlanJson, Side } from "../../../offline/compare/plan-json";
import { markdownOf, textOf } from "../../../offline/compare/report";
import { readGates, verdict } from "../../../offline/compare/verdict";
import { levels, notFound, route } from "./routes";

const side = (plan: Partial<PlanJson>, settings: Partial<Side["settings"]> = {}): Side => ({
  plan: { stack: "dev", resources: [], routes: [], findings: [], quotas: [], ...plan },
  settings: { levels, pins: {}, ...settings },
});
const comparison = (before: Side, after: Side) =>
  compare({ stack: "dev", base: "abc1234567", before, after });
const access = (before: string, after: string) =>
  comparison(side({ routes: [route("GET", "/x", before)] }), side({ routes: [route("GET", "/x", after)] }));
const gate = (before: string, after: string) =>
  verdict(access(before, after), ["weakened", "breaking"]).map((failure) => failure.gate);

describe("A comparison with another commit", () => {
  it("says in bold that a guarded operation became public, and fails", () => {
    const found = access("read", "public");
    const failures = verdict(found, ["weakened", "breaking", "findings"]);
    assert.deepEqual(
      failures.map(({ gate }) => gate),
      ["weakened"],
    );
    const text = markdownOf(found, failures);
    assert.match(text, /^- \*\*Weakened access: `uuid-api GET \/x` read → public\*\*$/m);
    assert.match(text, /❌ \*\*weakened\*\*: access is weakened; the label “weakened access” permits it/);
  });

  it("distinguishes weakened from tightened by who holds the levels, not by their names", () => {
    assert.deepEqual(gate("data-admin", "create"), ["weakened"]);
    assert.deepEqual(gate("create", "read"), ["weakened"]);
    assert.deepEqual(gate("read", "data-admin"), ["breaking"]);
    assert.deepEqual(gate("public", "read"), ["breaking"]);
    assert.deepEqual(gate("read", "read"), []);
  });

  it("counts a level that the settings lack as weakened", () => {
    assert.deepEqual(gate("read", "someone-else"), ["weakened"]);
  });

  it("fails only on the gates that it is given", () => {
    assert.deepEqual(verdict(access("read", "public"), ["breaking", "findings"]), []);
  });

  it("sees that another group holds a level, also through a level it includes", () => {
    const wider = { ...levels, "data-admin": { groups: ["admins", "interns"] } };
    const found = comparison(side({}), side({}, { levels: wider }));
    assert.deepEqual(
      found.widened.map(({ level, admitted }) => [level, admitted]),
      [
        ["read", ["interns"]],
        ["create", ["interns"]],
        ["data-admin", ["interns"]],
      ],
    );
    assert.equal(verdict(found, ["weakened", "breaking"]).length, 1);
    assert.match(markdownOf(found, []), /\*\*Weakened access: more groups hold `read`: `interns`\*\*/);
    assert.deepEqual(comparison(side({}, { levels: wider }), side({})).widened, []);
  });

  it("reports a level once, not for each of its routes, and counts one that fewer groups hold as breaking", () => {
    const routes = [route("GET", "/x", "data-admin")];
    const wider = { ...levels, "data-admin": { groups: ["admins", "interns"] } };
    const found = comparison(side({ routes }, { levels: wider }), side({ routes }));
    assert.deepEqual(found.routes, []);
    assert.deepEqual(
      verdict(found, ["weakened", "breaking"]).map((failure) => failure.gate),
      ["breaking"],
    );
    assert.match(markdownOf(found, []), /^- Fewer groups hold `data-admin`: no longer `interns`$/m);
    assert.deepEqual(comparison(side({ routes }), side({ routes }, { levels: wider })).routes, []);
  });

  it("says that the web ACL allows more addresses or is removed, and fails, but not for a part of what it allowed", () => {
    const more = comparison(
      side({}, { addresses: ["192.0.2.0/24"] }),
      side({}, { addresses: ["192.0.2.0/24", "198.51.100.0/24"] }),
    );
    assert.match(
      markdownOf(more, []),
      /\*\*Weakened access: the web ACL allows more addresses: `198\.51\.100\.0\/24`\*\*/,
    );
    assert.equal(verdict(more, ["weakened"]).length, 1);
    const part = comparison(
      side({}, { addresses: ["192.0.2.0/24", "2001:db8::/32"] }),
      side({}, { addresses: ["192.0.2.128/25", "2001:db8:1::/48"] }),
    );
    assert.deepEqual(part.addresses.added, []);
    assert.deepEqual(verdict(part, ["weakened"]), []);
    const everyone = comparison(
      side({}, { addresses: ["10.0.0.0/8"] }),
      side({}, { addresses: ["0.0.0.0/0"] }),
    );
    assert.equal(verdict(everyone, ["weakened"]).length, 1);
    const gone = comparison(side({}, { addresses: ["192.0.2.0/24"] }), side({}));
    assert.equal(verdict(gone, ["weakened"]).length, 1);
    // As in production.
    assert.deepEqual(verdict(comparison(side({}), side({})), ["weakened"]), []);
  });

  it("says that the identity provider changes, and fails", () => {
    const jwt = (issuer: string) => ({ identityProvider: { jwt: { issuer, audience: "a" } } });
    const found = comparison(side({}, jwt("https://a.example.org")), side({}, jwt("https://b.example.org")));
    assert.match(markdownOf(found, []), /\*\*Weakened access: the identity provider changes/);
    assert.equal(verdict(found, ["weakened"]).length, 1);
    assert.deepEqual(verdict(comparison(side({}, jwt("a")), side({}, jwt("a"))), ["weakened"]), []);
  });

  it("counts a removed route as breaking, an added one not, and shows a new public one in bold", () => {
    const before = side({ routes: [route("GET", "/x", "read")] });
    const after = side({
      routes: [route("GET", "/y", "public"), route("OPTIONS", "/y", "public"), notFound("/z")],
    });
    const found = comparison(before, after);
    assert.deepEqual(
      found.routes.map(({ kind, path, method }) => `${kind} ${method} ${path}`),
      ["added GET /y", "added OPTIONS /y", "added ANY /z", "removed GET /x"],
    );
    assert.deepEqual(
      verdict(found, ["weakened", "breaking"]).map((failure) => failure.gate),
      ["breaking"],
    );
    const text = markdownOf(found, []);
    assert.match(text, /\*\*New and public: `uuid-api GET \/y`\*\*/);
    assert.doesNotMatch(text, /New and public: `uuid-api (OPTIONS|ANY)/);
  });

  it("says that a service is rolled back, and that it no longer is", () => {
    const plain = side({});
    const pinned = side({}, { pins: { "uuid-api": "abc123" } });
    assert.match(
      markdownOf(comparison(plain, pinned), []),
      /\*\*uuid-api is rolled back\*\*: it serves deployment `abc123`/,
    );
    assert.match(
      markdownOf(comparison(pinned, plain), []),
      /\*\*uuid-api is no longer rolled back\*\*: it serves its own definition, not the pinned deployment `abc123`/,
    );
    assert.doesNotMatch(markdownOf(comparison(pinned, pinned), []), /rolled back/);
  });

  it("shows new findings and errors, counts the others, and does not count a finding on another line as new", () => {
    const finding = (where: string, level: Severity = "warning") => ({
      level,
      rule: "some-rule",
      where,
      message: "what",
    });
    const found = comparison(
      side({ findings: [finding("a.yaml:3:1"), finding("b.yaml:1:1")] }),
      side({
        findings: [
          finding("a.yaml:4:1"),
          finding("b.yaml:1:1"),
          finding("c.yaml:1:1"),
          finding("d", "error"),
        ],
      }),
    );
    assert.deepEqual(
      found.findings.map(({ isNew }) => isNew),
      [false, false, true, true],
    );
    assert.equal(verdict(found, ["findings"]).length, 1);
    assert.match(
      markdownOf(found, []),
      /`c\.yaml:1:1`[\s\S]*Besides, 2 findings as before: `some-rule` \(2\)\./,
    );
  });

  it("is plain text with aligned columns for a terminal, without control characters", () => {
    const found = comparison(
      side({ routes: [route("GET", "/x", "read")] }),
      side({ routes: [route("GET", "/x", "public"), route("GET", "/long\u001b[2J/path", "read")] }),
    );
    const text = textOf(found, verdict(found, ["weakened"]));
    assert.match(text, /^dev: no resource changes; 2 route changes$/m);
    assert.match(text, /^ {2}Weakened access: uuid-api GET \/x read → public$/m);
    assert.match(text, /^2 route changes\n {2}uuid-api GET \/x {2,}weakened {2}read → public$/m);
    assert.doesNotMatch(text, /<details>|\*\*|`/);
    assert.ok(!text.includes("\u001b"));
  });

  it("says what callers notice, for how long, why, and the two steps that avoid it", () => {
    const urn = "urn:pulumi:dev::gateway::aws:lb/targetGroupAttachment:TargetGroupAttachment::";
    const service = { urn: "urn:s", type: "gateway:index:ApiService", name: "uuid-api", inputs: {} };
    const target = (instance: string) => ({
      urn: `${urn}${instance}`,
      type: "aws:lb/targetGroupAttachment:TargetGroupAttachment",
      name: `target-${instance}`,
      parent: "urn:s",
      inputs: { targetId: instance },
    });
    const found = comparison(
      side({ resources: [service, target("i-1")] }),
      side({ resources: [service, target("i-2")] }),
    );
    const text = markdownOf(found, []);
    assert.match(
      text,
      /^- \*\*Some failing requests for `uuid-api`\*\*: the update waits until a new target is healthy, but/m,
    );
    assert.match(text, /\| created \| `aws:lb:TargetGroupAttachment` \| `target-i-2` \| {2}\| cut \|/);
    const partner = { ...CONSEQUENCES.partner, id: "partner" as const, for: ["uuid-api"], causes: [] };
    assert.match(
      markdownOf({ ...found, consequences: [partner] }, []),
      /^- \*\*Outage of about 4 to 6 minutes for `uuid-api`\*\*: the proxies .* In two steps instead: add the new addresses/m,
    );
    const more = comparison(
      side({ resources: [service, target("i-1")] }),
      side({ resources: [service, target("i-1"), target("i-2")] }),
    );
    assert.match(markdownOf(more, []), /`target-i-2` \| {2}\| nothing \|/);
    assert.doesNotMatch(markdownOf(more, []), /Outage|Some failing/);
  });

  it("shows a quota that changes or is nearly full, and no other", () => {
    const quota = (name: string, used: number) => ({ name, used, limit: 50 });
    const text = markdownOf(
      comparison(
        side({ quotas: [quota("grows", 3), quota("stays", 3), quota("full", 49)] }),
        side({ quotas: [quota("grows", 4), quota("stays", 3), quota("full", 49)] }),
      ),
      [],
    );
    assert.match(text, /\| grows \| 3 → 4 \| 50 \| 8 % \|/);
    assert.match(text, /\| full \| 49 \| 50 \| 98 % \|/);
    assert.doesNotMatch(text, /stays/);
  });

  it("says that there is nothing to compare with, and shows this plan's findings", () => {
    const after = side({ findings: [{ level: "warning", rule: "r", where: "w", message: "m" }] });
    const found = compare({ stack: "dev", base: "abc", why: "abc has no plan command", absent: true, after });
    const text = markdownOf(found, verdict(found, ["weakened", "breaking", "findings"]));
    assert.match(text, /^### dev: 0 resources, 0 routes$/m);
    assert.match(text, /Nothing to compare with: abc has no plan command/);
    assert.match(text, /1 finding/);
    assert.doesNotMatch(text, /❌/);
  });

  it("fails when the base plan fails, because weakened access cannot be ruled out", () => {
    const found = compare({
      stack: "dev",
      base: "abc",
      why: "the plan of abc could not be made",
      after: side({}),
    });
    const failures = verdict(found, ["weakened", "breaking", "findings"]);
    assert.deepEqual(
      failures.map(({ gate }) => gate),
      ["weakened", "breaking"],
    );
    assert.match(markdownOf(found, failures), /weakened access cannot be ruled out; the label/);
    assert.deepEqual(verdict(found, ["findings"]), []);
  });

  it("says so when nothing changes", () => {
    assert.match(markdownOf(comparison(side({}), side({})), []), /^### dev: nothing changes$/m);
  });

  it("does not render markup from a spec", () => {
    const path = "/x`**<img src=x>|";
    const text = markdownOf(comparison(side({}), side({ routes: [route("GET", path, "read")] })), []);
    assert.ok(!text.includes("`**<img"));
    assert.match(text, /`uuid-api GET \/x'\*\*<img src=x>\\\|`/);
  });

  it("keeps text from a spec in its cell and on its line", () => {
    const message = "a | b \\| c $x$ ~~y~~ &lt;!--\r\n# heading\u2028* item";
    const after = side({ findings: [{ level: "error", rule: "r", where: "", message }] });
    const text = markdownOf(comparison(side({}), after), []);
    const row = text.split(/[\r\n\u2028]/).find((line) => line.includes("item")) ?? "";
    assert.ok(row.includes("a \\| b \\\\\\| c \\$x\\$ \\~\\~y\\~\\~ &amp;lt;!-- \\# heading \\* item"), row);
    // Four cells: a pipe ends a cell unless an odd number of backslashes precedes it.
    assert.equal([...row.matchAll(/(?<!\\)(?:\\\\)*\|/g)].length, 5);
    assert.doesNotMatch(text, /``/);
  });

  it("refuses an unknown gate", () => {
    assert.deepEqual(readGates("weakened, findings"), ["weakened", "findings"]);
    assert.throws(
      () => readGates("weakend"),
      /--fail-on accepts weakened, breaking, findings.*found weakend/,
    );
  });
});
