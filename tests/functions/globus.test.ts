import assert from "node:assert/strict";
import { globus } from "../../functions/authorizer/globus";
import { IdentityUnavailable } from "../../functions/authorizer/identity";
import type { Secrets } from "../../functions/authorizer/secrets";
import type { HttpLimits } from "../../functions/shared/http";
import { type Behaviour, clientId, type GlobusServer, startGlobus } from "./globus-server";

describe("Globus as identity provider", () => {
  let server: GlobusServer;
  let reads: boolean[];
  before(async () => {
    server = await startGlobus();
    server.tokens.set("good", {
      introspection: { active: true, sub: "user-1", scope: "email" },
      groups: [
        { id: "g1", name: "One" },
        { id: "g2" },
        { id: "g1" },
        { name: "without id" },
        null,
        { id: 7 },
      ],
    });
  });
  after(() => server.close());
  beforeEach(() => {
    reads = [];
    server.received.length = 0;
    for (const queue of Object.values(server.next)) queue.length = 0;
  });

  const identity = (
    secrets: (fresh: boolean) => Secrets = () => server.secrets,
    limits?: Partial<HttpLimits>,
  ) =>
    globus(
      {
        provider: "globus",
        clientId,
        introspectUrl: `${server.url}/introspect`,
        groupsUrl: `${server.url}/groups`,
      },
      async ({ fresh = false } = {}) => {
        reads.push(fresh);
        return secrets(fresh);
      },
      limits,
    );

  it("returns an active token's owner and groups, in order and once each", async () => {
    assert.deepEqual(await identity().verify("good"), {
      caller: { principalId: "user-1", groups: ["g1", "g2"] },
    });
    const [introspection, groups] = server.received;
    assert.equal(introspection?.headers["content-type"], "application/x-www-form-urlencoded");
    assert.equal(introspection?.body, "token=good");
    assert.equal(groups?.headers.authorization, "Bearer good");
  });

  it("counts active memberships only, and asks for those", async () => {
    const member = (id: string, ...statuses: string[]) => ({
      id,
      my_memberships: statuses.map((status) => ({ status })),
    });
    server.tokens.set("invited", {
      introspection: { active: true, sub: "u" },
      groups: [
        member("a", "active"),
        member("b", "invited"),
        member("c", "invited", "active"),
        member("d"),
        { id: "e" },
      ],
    });
    const verdict = await identity().verify("invited");
    assert.deepEqual("caller" in verdict && verdict.caller.groups, ["a", "c", "e"]);
    assert.equal(server.received.at(-1)?.path, "/groups?statuses=active");
  });

  it("is asked with the token encoded", async () => {
    const token = "a&active=true b%=ü+/";
    await identity().verify(token);
    assert.equal(new URLSearchParams(server.received[0]?.body).get("token"), token);
    assert.equal([...new URLSearchParams(server.received[0]?.body)].length, 1);
  });

  it("returns when the token expires", async () => {
    const exp = Math.floor(Date.now() / 1000) + 100;
    server.tokens.set("ending", { introspection: { active: true, sub: "u", exp }, groups: [] });
    const verdict = await identity().verify("ending");
    assert.ok("caller" in verdict && verdict.caller.expiresAt === exp * 1000);
  });

  it("refuses a token that is inactive, expired or without an owner", async () => {
    const past = Math.floor(Date.now() / 1000) - 1;
    const cases: [object, string][] = [
      [{ active: false }, "Non-active login"],
      [{}, "Non-active login"],
      [{ active: "true", sub: "u" }, "Non-active login"],
      [{ active: 1, sub: "u" }, "Non-active login"],
      [{ active: true, sub: "u", exp: past }, "Non-active login"],
      [{ active: true, sub: "u", exp: 0 }, "Non-active login"],
      [{ active: true, sub: "u", exp: -1e300 }, "Non-active login"],
      [{ active: true, sub: "u", exp: String(past) }, "Non-active login"],
      [{ active: true, sub: "u", exp: String(past + 600) }, "Non-active login"],
      [{ active: true, sub: "u", exp: [past] }, "Non-active login"],
      [{ active: true, sub: "u", exp: false }, "Non-active login"],
      [{ active: true }, "Nonactive or invalid auth token"],
      [{ active: true, sub: "" }, "Nonactive or invalid auth token"],
      [{ active: true, sub: ["u"] }, "Nonactive or invalid auth token"],
    ];
    for (const [introspection, refused] of cases) {
      server.tokens.set("t", { introspection, groups: [{ id: "g1" }] });
      assert.deepEqual(await identity().verify("t"), { refused }, JSON.stringify(introspection));
    }
    assert.ok(
      server.received.every(({ path }) => path === "/introspect"),
      "groups of the refused are not asked for",
    );
  });

  it("is unavailable, with a hint, after an unexpected response", async () => {
    const introspect = "Unable to introspect user from token";
    const parse = "Unable to parse json response on user introspect";
    const groups = "Unable to get user groups";
    const unreadable = "unable to get groups from Groups api while gathering user groups";
    const cases: ["introspect" | "groups", Behaviour[], string][] = [
      ["introspect", [{ status: 500 }, { status: 500 }], introspect],
      ["introspect", [{ status: 429 }], introspect],
      ["introspect", [{ status: 302, headers: { Location: "http://127.0.0.1:1/" } }], introspect],
      ["introspect", [{ status: 204 }], introspect],
      ["introspect", [{ body: "<html>" }], parse],
      ["introspect", [{ body: '{"active": true, "sub": "u"' }], parse],
      ["introspect", [{ body: "[true]" }], parse],
      ["introspect", [{ body: "null" }], parse],
      ["groups", [{ status: 503, body: 'no "groups"' }, { status: 503 }], groups],
      ["groups", [{ status: 403 }], groups],
      ["groups", [{ body: '{"id": "g1"}' }], unreadable],
      ["groups", [{ body: "" }], unreadable],
    ];
    for (const [path, behaviours, hint] of cases) {
      server.next[path].push(...behaviours);
      await assert.rejects(identity().verify("good"), (error) => {
        assert.ok(error instanceof IdentityUnavailable);
        assert.equal(error.hint, hint);
        return true;
      });
    }
  });

  it("is unavailable, without a hint, without a response", async () => {
    const cases: Behaviour[] = ["hang", "reset", "truncate", "trickle"];
    const impatient = identity(undefined, { totalMs: 300 });
    for (const path of ["introspect", "groups"] as const) {
      for (const behaviour of cases) {
        server.next[path].push(behaviour, behaviour);
        await assert.rejects(impatient.verify("good"), (error) => {
          assert.ok(error instanceof IdentityUnavailable, String(error));
          assert.equal(error.hint, undefined);
          return true;
        });
      }
    }
  });

  it("is asked again with the newer secret when it refuses the application", async () => {
    const rotated = identity((fresh) => (fresh ? server.secrets : { clientSecret: "old" }));
    assert.ok("caller" in (await rotated.verify("good")));
    assert.deepEqual(reads, [false, true]);
  });

  it("is not asked again with the same secret", async () => {
    const wrong = identity(() => ({ clientSecret: "wrong" }));
    await assert.rejects(wrong.verify("good"), /introspection responded with 401/);
    assert.equal(server.received.length, 1);
  });

  it("fails without a client secret, and asks nobody", async () => {
    await assert.rejects(identity(() => ({})).verify("good"), /The secret has no clientSecret/);
    assert.deepEqual(server.received, []);
  });

  it("refuses a token that does not fit into a header, and asks nobody", async () => {
    for (const token of ["a\nb", "a\0b", "a\u{1F600}b", "a\u2028b"]) {
      server.tokens.set(token, { introspection: { active: true, sub: "u" }, groups: [{ id: "g1" }] });
      assert.deepEqual(await identity().verify(token), { refused: "Non-active login" });
    }
    assert.equal(server.received.length, 0);
  });
});
