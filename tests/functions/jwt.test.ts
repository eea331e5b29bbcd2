import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { IdentityUnavailable } from "../../functions/authorizer/identity";
import { jwt } from "../../functions/authorizer/jwt";
import type { HttpLimits } from "../../functions/shared/http";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
const invalid = { refused: "Nonactive or invalid auth token" };
const now = () => Math.floor(Date.now() / 1000);

describe("a JWT issuer as identity provider", () => {
  let server: http.Server;
  let issuer: string;
  let asked = 0;
  let answer: { status: number; body: string } | "hang";
  const keySet = (...keys: object[]) => ({ status: 200, body: JSON.stringify({ keys }) });
  const key = { ...publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" };

  before(async () => {
    server = http.createServer((_, response) => {
      asked++;
      if (answer === "hang") return;
      response.writeHead(answer.status);
      response.end(answer.body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = 0;
    answer = keySet(key);
  });

  const identity = (scopes: string[] = [], limits?: Partial<HttpLimits>, groupsClaim = "groups") =>
    jwt({ provider: "jwt", issuer, audience: "api", jwksUrl: `${issuer}/keys`, scopes, groupsClaim }, limits);
  const claims = (changes: object = {}) => ({
    iss: issuer,
    aud: "api",
    sub: "user-1",
    exp: now() + 600,
    groups: ["g1", 7, "g2"],
    scope: "read write",
    ...changes,
  });

  it("accepts a token that it signed", async () => {
    const { exp, ...rest } = claims();
    assert.deepEqual(await identity(["read"]).verify(token({ ...rest, exp })), {
      caller: { principalId: "user-1", groups: ["g1", "g2"], expiresAt: exp * 1000 },
    });
  });

  it("accepts groups and scopes as a text with blanks too", async () => {
    const verdict = await identity(["a", "b"]).verify(
      token(claims({ groups: "g1 g2", scope: undefined, scp: ["a", "b"] })),
    );
    assert.ok("caller" in verdict);
    assert.deepEqual(verdict.caller.groups, ["g1", "g2"]);
  });

  it("finds groups in a nested claim, in one whose name has dots, and nowhere else", async () => {
    const groupsIn = async (groupsClaim: string, changes: object) => {
      const verdict = await identity([], {}, groupsClaim).verify(token(claims(changes)));
      assert.ok("caller" in verdict, groupsClaim);
      return verdict.caller.groups;
    };
    const nested = { realm_access: { roles: ["admin"] } };
    assert.deepEqual(await groupsIn("realm_access.roles", nested), ["admin"]);
    assert.deepEqual(await groupsIn("realm_access.roles", { ...nested, "realm_access.roles": ["flat"] }), [
      "flat",
    ]);
    const url = "https://example.org/claims";
    assert.deepEqual(await groupsIn(`${url}`, { [url]: ["namespaced"] }), ["namespaced"]);
    assert.deepEqual(await groupsIn(`${url}.roles`, { [url]: { roles: ["both"] } }), ["both"]);
    for (const absent of ["realm_access", "realm_access.groups", "realm_access.roles.0", "constructor.name"])
      assert.deepEqual(await groupsIn(absent, nested), [], absent);
  });

  it("accepts access tokens, typed by RFC 9068 or not at all, and refuses every other kind of token", async () => {
    const accepted: [unknown, object][] = [
      ["at+jwt", {}],
      ["application/AT+JWT", { nonce: "n" }],
      ["JWT", {}],
      [undefined, { token_use: "access", nonce: "n" }],
      ["JWT", { typ: "Bearer", nonce: "n" }],
    ];
    for (const [typ, changes] of accepted)
      assert.ok(
        "caller" in (await identity().verify(token(claims(changes), privateKey, "k1", typ))),
        `${typ}`,
      );
    const refused: [unknown, object][] = [
      ["logout+jwt", {}],
      ["dpop+jwt", {}],
      [7, {}],
      ["JWT", { nonce: "n" }],
      ["JWT", { at_hash: "h" }],
      [undefined, { c_hash: "h" }],
      ["JWT", { token_use: "id" }],
      ["JWT", { typ: "ID" }],
    ];
    for (const [typ, changes] of refused)
      assert.deepEqual(
        await identity().verify(token(claims(changes), privateKey, "k1", typ)),
        invalid,
        JSON.stringify([typ, changes]),
      );
  });

  it("is asked for its keys once", async () => {
    const one = identity();
    for (let i = 0; i < 5; i++) await one.verify(token(claims()));
    assert.equal(asked, 1);
  });

  it("refuses a token of another issuer or audience, one that is expired or not yet valid, or without subject or expiry", async () => {
    const wrong = [
      { iss: "https://elsewhere.example.org" },
      { aud: "other" },
      { aud: undefined },
      { exp: now() - 1 },
      { exp: undefined },
      { nbf: now() + 600 },
      { sub: undefined },
      { sub: "" },
      { sub: 7 },
    ];
    for (const change of wrong) {
      assert.deepEqual(await identity().verify(token(claims(change))), invalid, JSON.stringify(change));
    }
  });

  it("refuses a token that lacks a required scope", async () => {
    assert.deepEqual(await identity(["read", "admin"]).verify(token(claims())), {
      refused: "User token lacks a required scope",
    });
  });

  it("refuses a token that others signed, or nobody, or with the public key as a secret", async () => {
    const unsigned = `${part({ alg: "none" })}.${part(claims())}.`;
    const [head, body] = [part({ alg: "HS256", kid: "k1" }), part(claims())];
    const pem = publicKey.export({ type: "spki", format: "pem" });
    const confused = `${head}.${body}.${createHmac("sha256", pem).update(`${head}.${body}`).digest("base64url")}`;
    const [, , signature] = token(claims({ sub: "user-2" })).split(".");
    const swapped = `${token(claims()).split(".").slice(0, 2).join(".")}.${signature}`;
    for (const forged of [
      unsigned,
      confused,
      swapped,
      token(claims(), other.privateKey),
      token(claims(), other.privateKey, "k2"),
    ]) {
      assert.deepEqual(await identity().verify(forged), invalid);
    }
  });

  it("refuses every token when its keys are not public keys", async () => {
    answer = keySet({ kty: "oct", k: "c2VjcmV0", kid: "k1", alg: "RS256" });
    assert.deepEqual(await identity().verify(token(claims())), invalid);
    answer = keySet();
    assert.deepEqual(await identity().verify(token(claims())), invalid);
  });

  it("refuses text that is not a token", async () => {
    for (const text of [
      "",
      ".",
      "..",
      "a.b.c",
      "é",
      "x".repeat(9000),
      `${part({ alg: "RS256" })}.e30.`,
      "null.null.null",
    ]) {
      assert.deepEqual(await identity().verify(text), invalid, text);
    }
  });

  it("verifies with known keys when the issuer is down, and asks for an unknown one", async () => {
    const one = identity();
    assert.ok("caller" in (await one.verify(token(claims()))));
    answer = { status: 500, body: "" };
    assert.ok("caller" in (await one.verify(token(claims({ aud: ["other", "api"] })))));
    assert.equal(asked, 1);
    assert.deepEqual(await one.verify(token(claims(), privateKey, "../k1")), invalid);
  });

  it("is unavailable when its keys cannot be fetched", async () => {
    const unusable: (typeof answer)[] = [
      "hang",
      { status: 500, body: "" },
      { status: 404, body: "{}" },
      { status: 302, body: "" },
      { status: 204, body: "" },
      { status: 205, body: "" },
      { status: 700, body: "" },
      { status: 200, body: "<html>" },
      { status: 200, body: "{}" },
      { status: 200, body: '{"keys": "none"}' },
    ];
    for (const unavailable of unusable) {
      answer = unavailable;
      const text = token(claims());
      await assert.rejects(
        identity([], { totalMs: 200 }).verify(text),
        (error) => error instanceof IdentityUnavailable && !`${error.stack}`.includes(text),
        JSON.stringify(unavailable),
      );
    }
  });
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(claims: object, signer: KeyObject = privateKey, kid = "k1", typ?: unknown): string {
  const text = `${part({ alg: "RS256", kid, typ })}.${part(claims)}`;
  return `${text}.${sign("sha256", Buffer.from(text), signer).toString("base64url")}`;
}
