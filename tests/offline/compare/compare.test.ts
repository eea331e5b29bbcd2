import assert from "node:assert/strict";
import type { Levels } from "../../../offline/compare/access";
import { compareRoutes, holders } from "../../../offline/compare/access";
import type { PlanJson } from "../../../offline/compare/base";
import { compare, type Side } from "../../../offline/compare/compare";
import { markdownOf } from "../../../offline/compare/markdown";
import { readGates, verdict } from "../../../offline/compare/verdict";

const levels: Levels = {
  read: { groups: ["readers"], includes: ["create"] },
  create: { groups: ["creators"], includes: ["data-admin"] },
  "data-admin": { groups: ["admins"] },
};
const route = (method: string, path: string, access: string, integration = "http_proxy http://x") => ({
  service: "uuid-api",
  method,
  path,
  access,
  integration,
});
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
    assert.match(text, /❌ \*\*weakened\*\*: access is weakened; the label “weakened access” lets it pass/);
  });

  it("tells weakened from tightened by who holds the levels, not by their names", () => {
    assert.deepEqual(gate("data-admin", "create"), ["weakened"]);
    assert.deepEqual(gate("create", "read"), ["weakened"]);
    assert.deepEqual(gate("read", "data-admin"), ["breaking"]);
    assert.deepEqual(gate("public", "read"), ["breaking"]);
    assert.deepEqual(gate("read", "read"), []);
  });

  it("takes a level that nothing is known of for weakened as well as tightened", () => {
    assert.deepEqual(gate("read", "someone-else"), ["weakened"]);
  });

  it("fails on what it was told to fail on, and passes with the label's gate left out", () => {
    assert.deepEqual(verdict(access("read", "public"), ["breaking", "findings"]), []);
  });

  it("sees that another group came to hold a level, also through a level it includes", () => {
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

  it("tells of a level once, not for each of its routes, and takes one that fewer hold for breaking", () => {
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

  it("says that the web ACL admits more or is gone, and fails, but not for a part of what it admitted", () => {
    const more = comparison(
      side({}, { addresses: ["192.0.2.0/24"] }),
      side({}, { addresses: ["192.0.2.0/24", "198.51.100.0/24"] }),
    );
    assert.match(
      markdownOf(more, []),
      /\*\*Weakened access: the web ACL admits more: `198\.51\.100\.0\/24`\*\*/,
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
    // Production never had one.
    assert.deepEqual(verdict(comparison(side({}), side({})), ["weakened"]), []);
  });

  it("says that others vouch for callers, and fails", () => {
    const jwt = (issuer: string) => ({ identity: { jwt: { issuer, audience: "a" } } });
    const found = comparison(side({}, jwt("https://a.example.org")), side({}, jwt("https://b.example.org")));
    assert.match(markdownOf(found, []), /\*\*Weakened access: who vouches for callers changes/);
    assert.equal(verdict(found, ["weakened"]).length, 1);
    assert.deepEqual(verdict(comparison(side({}, jwt("a")), side({}, jwt("a"))), ["weakened"]), []);
  });

  it("takes a removed route for breaking, an added one not, and shows a new public one in bold", () => {
    const before = side({ routes: [route("GET", "/x", "read")] });
    const after = side({
      routes: [
        route("GET", "/y", "public"),
        route("OPTIONS", "/y", "public"),
        route("ANY", "/z", "public", "aws_proxy dev-not-found"),
      ],
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

  it("says that a service is rolled back, and that it goes forward again", () => {
    const plain = side({});
    const pinned = side({}, { pins: { "uuid-api": "abc123" } });
    assert.match(
      markdownOf(comparison(plain, pinned), []),
      /\*\*uuid-api is rolled back\*\*: it serves deployment `abc123`/,
    );
    assert.match(
      markdownOf(comparison(pinned, plain), []),
      /\*\*uuid-api goes forward again\*\*: from the pinned deployment `abc123`/,
    );
    assert.doesNotMatch(markdownOf(comparison(pinned, pinned), []), /rolled back|goes forward/);
  });

  it("shows new findings and errors, counts the others, and does not take a moved line for a new one", () => {
    const finding = (where: string, level = "warning") => ({
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
    assert.match(markdownOf(found, []), /`c\.yaml:1:1`[\s\S]*Besides, 2 findings as before\./);
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
    assert.match(text, /Compared with nothing: abc has no plan command/);
    assert.match(text, /1 finding/);
    assert.doesNotMatch(text, /❌/);
  });

  it("fails where a plan to compare with could not be made: nobody can say that nothing is weakened", () => {
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
    assert.match(markdownOf(found, failures), /whether access is weakened cannot be told; the label/);
    assert.deepEqual(verdict(found, ["findings"]), []);
  });

  it("says so when nothing changes", () => {
    assert.match(markdownOf(comparison(side({}), side({})), []), /^### dev: nothing changes$/m);
  });

  it("renders no markup that a spec brings along", () => {
    const path = "/x`**<img src=x>|";
    const text = markdownOf(comparison(side({}), side({ routes: [route("GET", path, "read")] })), []);
    assert.ok(!text.includes("`**<img"));
    assert.match(text, /`uuid-api GET \/x'\*\*<img src=x>\\\|`/);
  });

  it("keeps what a spec brings along within its cell and its line", () => {
    const message = "a | b \\| c $x$ ~~y~~ &lt;!--\r\n# heading\u2028* item";
    const after = side({ findings: [{ level: "error", rule: "r", where: "", message }] });
    const text = markdownOf(comparison(side({}), after), []);
    const row = text.split(/[\r\n\u2028]/).find((line) => line.includes("item")) ?? "";
    assert.ok(row.includes("a \\| b \\\\\\| c \\$x\\$ \\~\\~y\\~\\~ &amp;lt;!-- \\# heading \\* item"), row);
    // Four cells: a pipe ends a cell unless an odd number of backslashes stands before it.
    assert.equal([...row.matchAll(/(?<!\\)(?:\\\\)*\|/g)].length, 5);
    assert.doesNotMatch(text, /``/);
  });

  it("refuses a gate that it does not have", () => {
    assert.deepEqual(readGates("weakened, findings"), ["weakened", "findings"]);
    assert.throws(() => readGates("weakend"), /--fail-on takes weakened, breaking, findings.*found weakend/);
  });
});

describe("The routing tables of two commits", () => {
  it("are the same when only the order differs", () => {
    const a = { levels, routes: [route("GET", "/a", "read"), route("GET", "/b", "read")] };
    assert.deepEqual(compareRoutes(a, { levels, routes: [...a.routes].reverse() }), []);
  });

  it("tell where a route goes elsewhere", () => {
    const [change] = compareRoutes(
      { levels, routes: [route("GET", "/a", "read", "http_proxy http://a")] },
      { levels, routes: [route("GET", "/a", "read", "http_proxy http://b")] },
    );
    assert.deepEqual(
      [change?.kind, change?.before, change?.after],
      ["moved", "http_proxy http://a", "http_proxy http://b"],
    );
  });

  const changesOf = (before: ReturnType<typeof route>[], after: ReturnType<typeof route>[]) =>
    compareRoutes({ levels, routes: before }, { levels, routes: after }).map(
      ({ kind, path, before: from, after: to }) => `${kind} ${path} ${from ?? ""}>${to ?? ""}`,
    );

  it("see through another name of a variable", () => {
    assert.deepEqual(changesOf([route("GET", "/a/{id}", "read")], [route("GET", "/a/{uuid}", "read")]), []);
    assert.deepEqual(changesOf([route("GET", "/a/{id}", "read")], [route("GET", "/a/{uuid}", "public")]), [
      "weakened /a/{uuid} read>public",
    ]);
  });

  it("see that a more particular route takes over requests under weaker access, and that one gives them up", () => {
    const variable = route("GET", "/a/{id}", "read");
    const particular = route("GET", "/a/status", "public");
    assert.deepEqual(changesOf([variable], [variable, particular]), ["weakened /a/status read>public"]);
    assert.deepEqual(changesOf([variable, particular], [variable]), ["tightened /a/status public>read"]);
    const open = route("ANY", "/{proxy+}", "public");
    assert.deepEqual(changesOf([open, variable], [open]), ["weakened /a/{id} read>public"]);
  });

  it("do not take the 404 catch-all for an answer", () => {
    const nothing = route("ANY", "/{proxy+}", "public", "aws_proxy dev-not-found");
    assert.deepEqual(changesOf([nothing, route("GET", "/a", "read")], [nothing]), ["removed /a read>"]);
    assert.deepEqual(changesOf([nothing], [nothing, route("GET", "/a", "read")]), ["added /a >read"]);
  });

  it("know the holders of a level through those it includes, circles too", () => {
    assert.deepEqual([...holders("read", levels)].sort(), ["admins", "creators", "readers"]);
    assert.deepEqual(
      [...holders("a", { a: { groups: ["x"], includes: ["b"] }, b: { includes: ["a"] } })],
      ["x"],
    );
    assert.deepEqual([...holders("nobody", { nobody: {} })], []);
  });
});
