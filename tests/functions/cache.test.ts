import assert from "node:assert/strict";
import { cached, defaultLimits } from "../../functions/authorizer/cache";
import type { Verdict } from "../../functions/authorizer/identity";

function cache(answer: (token: string) => Verdict | Error, limits = defaultLimits) {
  const clock = { now: 1_000_000 };
  const asked: string[] = [];
  const identity = cached(
    {
      async verify(token) {
        asked.push(token);
        const verdict = answer(token);
        if (verdict instanceof Error) throw verdict;
        return verdict;
      },
    },
    limits,
    () => clock.now,
  );
  return { clock, asked, verify: (token: string) => identity.verify(token) };
}

describe("the cache of verdicts", () => {
  it("keeps a caller for 60 seconds", async () => {
    const { clock, asked, verify } = cache(() => ({ caller: { principalId: "me", groups: [] } }));
    await verify("a");
    clock.now += 59_999;
    await verify("a");
    assert.equal(asked.length, 1);
    clock.now += 1;
    await verify("a");
    assert.equal(asked.length, 2);
  });

  it("does not keep a caller beyond the token's expiry", async () => {
    const { clock, asked, verify } = cache(() => ({
      caller: { principalId: "me", groups: [], expiresAt: 1_010_000 },
    }));
    await verify("a");
    clock.now = 1_009_999;
    await verify("a");
    assert.equal(asked.length, 1);
    clock.now = 1_010_000;
    await verify("a");
    await verify("a");
    assert.equal(asked.length, 3, "an ended token is not kept at all");
  });

  it("keeps a refusal for 5 seconds", async () => {
    const { clock, asked, verify } = cache(() => ({ refused: "no" }));
    await verify("a");
    clock.now += 4_999;
    await verify("a");
    clock.now += 1;
    await verify("a");
    assert.equal(asked.length, 2);
  });

  it("distinguishes tokens by their last and first character", async () => {
    const { verify } = cache((token) => ({ caller: { principalId: token, groups: [] } }));
    const body = "e".repeat(9000);
    for (const token of [`${body}a`, `${body}b`, `a${body}`, `b${body}`, body, ` ${body}`]) {
      await verify(token);
      assert.deepEqual(await verify(token), { caller: { principalId: token, groups: [] } });
    }
  });

  it("never keeps an error", async () => {
    const { asked, verify } = cache(() => new Error("down"));
    await assert.rejects(verify("a"), /down/);
    await assert.rejects(verify("a"), /down/);
    assert.equal(asked.length, 2);
  });

  it("never mixes up tokens", async () => {
    const { verify } = cache((token) => ({ caller: { principalId: token, groups: [] } }));
    for (const token of ["a", "b", "a", "", "A"]) {
      const verdict = await verify(token);
      assert.ok("caller" in verdict && verdict.caller.principalId === token);
    }
  });

  it("holds no more than its size and drops the least recently used", async () => {
    const limits = { ...defaultLimits, size: 2 };
    const { asked, verify } = cache(() => ({ caller: { principalId: "me", groups: [] } }), limits);
    for (const token of ["a", "b", "a", "c", "a", "b"]) await verify(token);
    assert.deepEqual(asked, ["a", "b", "c", "b"]);
  });
});
