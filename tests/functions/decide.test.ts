import assert from "node:assert/strict";
import { decide } from "../../functions/authorizer/decide";
import { type Identity, IdentityUnavailable, type Verdict } from "../../functions/authorizer/identity";
import type { PolicyScope } from "../../functions/authorizer/settings";

const anonymous = "default_user|a1b2c3d4";

function deciding(verdict: Verdict | Error, scope: PolicyScope = "method") {
  const asked: string[] = [];
  const identity: Identity = {
    async verify(token) {
      asked.push(token);
      if (verdict instanceof Error) throw verdict;
      return verdict;
    },
  };
  const deciders = {
    settings: { groups: new Set(["g-read", "g-create"]), message: "Not in the group", scope },
    identity,
    isProcessSecret: async (token: string) => token === "process-secret",
  };
  return { asked, decide: (header: string) => decide(header, deciders) };
}

describe("a decision about an Authorization header", () => {
  it("is a Deny for an empty value", async () => {
    const { decide, asked } = deciding({ caller: { principalId: "me", groups: ["g-read"] } });
    assert.deepEqual(await decide(""), {
      effect: "Deny",
      principalId: anonymous,
      hint: "Empty value of Authorization header",
    });
    assert.deepEqual(asked, []);
  });

  it("is a Deny without the Bearer scheme and one blank", async () => {
    const { decide, asked } = deciding({ caller: { principalId: "me", groups: ["g-read"] } });
    for (const header of ["token", "Basic abc", "Bearer", "Bearertoken", " Bearer token", "Bearer\ttoken"]) {
      const decision = await decide(header);
      assert.equal(decision.effect, "Deny", header);
      assert.equal(decision.hint, "Missing Bearer scheme in Authorization header value");
    }
    assert.deepEqual(asked, []);
  });

  it("accepts the scheme in any case and trims the token", async () => {
    const { decide, asked } = deciding({ caller: { principalId: "me", groups: ["g-create"] } });
    for (const header of ["Bearer token", "bearer token", "BEARER   token  "]) {
      assert.deepEqual(await decide(header), { effect: "Allow", principalId: "me" });
    }
    assert.deepEqual(asked, ["token", "token", "token"]);
  });

  it("leaves an empty token to the identity provider", async () => {
    const { decide, asked } = deciding({ refused: "Non-active login" });
    assert.equal((await decide("Bearer ")).hint, "Non-active login");
    assert.deepEqual(asked, [""]);
  });

  it("is an Allow for the process secret, without asking the provider", async () => {
    const { decide, asked } = deciding(new Error("must not be asked"));
    assert.deepEqual(await decide("Bearer process-secret"), { effect: "Allow", principalId: anonymous });
    assert.deepEqual(asked, []);
  });

  it("does not need the secret for a token that is verified offline, and never sends a secret to a provider", async () => {
    const order: string[] = [];
    const deciders = (verdict: Verdict, offline?: true) => ({
      settings: { groups: new Set(["g"]), message: "no", scope: "method" as const },
      identity: {
        ...(offline && { offline }),
        verify: async () => {
          order.push("verify");
          return verdict;
        },
      },
      isProcessSecret: async (token: string) => {
        order.push("secret");
        return token === "process-secret";
      },
    });
    const caller: Verdict = { caller: { principalId: "me", groups: ["g"] } };
    assert.equal((await decide("Bearer jwt", deciders(caller, true))).effect, "Allow");
    assert.deepEqual(order.splice(0), ["verify"]);
    assert.equal((await decide("Bearer process-secret", deciders({ refused: "no" }, true))).effect, "Allow");
    assert.deepEqual(order.splice(0), ["verify", "secret"]);
    assert.equal((await decide("Bearer other", deciders({ refused: "no" }, true))).effect, "Deny");
    assert.deepEqual(order.splice(0), ["verify", "secret"]);
    assert.equal((await decide("Bearer process-secret", deciders(caller))).effect, "Allow");
    assert.deepEqual(order.splice(0), ["secret"]);
  });

  it("is a Deny with the caller's own name when no group fits", async () => {
    const { decide } = deciding({ caller: { principalId: "me", groups: ["g-other", "G-READ", ""] } });
    assert.deepEqual(await decide("Bearer token"), {
      effect: "Deny",
      principalId: "me",
      hint: "Not in the group",
    });
  });

  it("is an Allow for a caller with one of the level's groups, whatever the others", async () => {
    for (const groups of [
      ["g-other", "g-create"],
      ["g-read", ""],
    ]) {
      const { decide } = deciding({ caller: { principalId: "me", groups } });
      assert.deepEqual(await decide("Bearer token"), { effect: "Allow", principalId: "me" });
    }
  });

  it("is a Deny for a caller without groups", async () => {
    const { decide } = deciding({ caller: { principalId: "me", groups: [] } });
    assert.equal((await decide("Bearer token")).effect, "Deny");
  });

  it("is a Deny for a refused token, without the caller's name", async () => {
    const { decide } = deciding({ refused: "Non-active login" });
    assert.deepEqual(await decide("Bearer token"), {
      effect: "Deny",
      principalId: anonymous,
      hint: "Non-active login",
    });
  });

  it("has a hint about an unusable response when the Deny will not be cached", async () => {
    const useless = new IdentityUnavailable("answered 500", "Unable to introspect user from token");
    const { decide } = deciding(useless, "method");
    assert.equal((await decide("Bearer token")).effect, "Deny");
    assert.equal((await decide("Bearer token")).hint, "Unable to introspect user from token");
  });

  it("fails when the Deny would be cached, nobody responded, or something broke", async () => {
    const useless = new IdentityUnavailable("answered 500", "Unable to introspect user from token");
    await assert.rejects(deciding(useless, "stage").decide("Bearer token"), useless);
    const silent = new IdentityUnavailable("auth.example.org: ETIMEDOUT");
    await assert.rejects(deciding(silent, "method").decide("Bearer token"), silent);
    const broken = new TypeError("bug");
    await assert.rejects(deciding(broken, "method").decide("Bearer token"), broken);
  });

  it("is never an Allow for a truthy value other than true", async () => {
    const lax = { error: "looks true" } as unknown as boolean;
    const decision = await decide("Bearer token", {
      settings: { groups: new Set(), message: "no", scope: "method" },
      identity: { verify: async () => ({ refused: "no" }) },
      isProcessSecret: async () => lax,
    });
    assert.equal(decision.effect, "Deny");
  });
});
