import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { type Authorizer, type AuthorizerEvent, createAuthorizer } from "../../functions/authorizer/handler";
import { createRedirect } from "../../functions/redirect/handler";
import type { ProxyEvent } from "../../functions/shared/proxy";
import { type Behaviour, type GlobusServer, startGlobus } from "./globus-server";
import { withOutput } from "./output";
import { useSecretsManager } from "./sdk-environment";

/** Part of every token: it must never come out again. */
const mark = "tkn0MARK0tkn";
const group = "11111111-aaaa-4bbb-8ccc-222222222222";
const methodArn = "arn:aws:execute-api:us-east-1:123456789012:abc123/dev/GET/x";

describe("the functions under 10,000 random inputs", function () {
  this.timeout(120_000);
  let server: GlobusServer;
  let restore: () => void;
  const unhandled: unknown[] = [];
  const remember = (reason: unknown) => unhandled.push(reason);

  before(async () => {
    server = await startGlobus();
    restore = useSecretsManager(server.environment.AWS_ENDPOINT_URL_SECRETS_MANAGER as string);
    process.on("unhandledRejection", remember);
  });
  after(async () => {
    process.off("unhandledRejection", remember);
    restore();
    await server.close();
    assert.deepEqual(unhandled, []);
  });

  /** Runs the authorizer; gives the effect, or "Error"; checks that nothing leaks and the hint is clean. */
  async function effectOf(authorizer: Authorizer, event: unknown): Promise<"Allow" | "Deny" | "Error"> {
    const { value, output } = await withOutput(async () => {
      try {
        return { result: await authorizer(event as AuthorizerEvent) };
      } catch (error) {
        return { error };
      }
    });
    const told = `${output}${"error" in value ? (value.error as Error).stack : JSON.stringify(value.result)}`;
    const { clientSecret = "", processSecret = "" } = server.secrets;
    for (const hidden of [mark, group, clientSecret, processSecret]) {
      assert.ok(!told.includes(hidden), `${hidden} came out: ${told.slice(0, 500)}`);
    }
    if (!("result" in value) || value.result === undefined) return "Error";
    const key = value.result.context?.key;
    if (key !== undefined) assert.equal(JSON.parse(`"${key}"`), key);
    return value.result.policyDocument.Statement[0].Effect;
  }

  const environment = () => ({
    ...server.environment,
    ACCESS_LEVEL: "read",
    ACCESS_GROUPS: JSON.stringify([group]),
  });

  it("never allow, whatever the event and its header (3,000)", async () => {
    const authorizer = createAuthorizer(environment());
    const header = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string().map((text) => `Bearer ${mark}${text}`),
      fc.string({ unit: "binary", maxLength: 50 }).map((text) => `bearer ${text}${mark}`),
      fc.constantFrom(
        "",
        "Bearer",
        "Bearer ",
        "Bearer  ",
        "Bearer undefined",
        "Bearer null",
        "Basic x",
        `Bearer ${mark}`.repeat(50),
      ),
    );
    const event = fc.oneof(
      {
        weight: 3,
        arbitrary: header.map((authorizationToken) => ({ type: "TOKEN", authorizationToken, methodArn })),
      },
      fc.record({ authorizationToken: fc.anything(), methodArn: fc.anything() }, { requiredKeys: [] }),
      fc.record({ authorizationToken: header, methodArn: fc.string() }),
      fc.anything(),
    );
    await fc.assert(
      fc.asyncProperty(event, async (event) => {
        assert.notEqual(await effectOf(authorizer, event), "Allow");
      }),
      { numRuns: 3_000 },
    );
  });

  it("allow exactly the callers that a valid response of the provider confirms (4,000)", async () => {
    const authorizer = createAuthorizer(environment(), { bytes: 10_000, retries: 0 });
    const impatient = createAuthorizer(environment(), { totalMs: 25, bytes: 10_000, retries: 0 });
    const isSlow = (behaviour: Behaviour) => behaviour === "hang" || behaviour === "trickle";
    const json = fc.json();
    const text = fc.oneof(
      json,
      fc.string({ unit: "binary" }),
      fc.constant(`"\\"\n${mark}`),
      fc.constant("[".repeat(3000)),
    );
    const user = fc.record(
      {
        active: fc.oneof(
          { weight: 5, arbitrary: fc.constant(true) },
          fc.constantFrom(false, "true", 1, null),
        ),
        sub: fc.oneof(
          { weight: 5, arbitrary: fc.constantFrom("user-1", 'u"\n') },
          fc.constantFrom("", 7, null, ["u"]),
        ),
        exp: fc.oneof(
          { weight: 5, arbitrary: fc.constant(4_000_000_000) },
          fc.constantFrom(1, -1, "soon", null, 1e300),
        ),
      },
      { requiredKeys: ["active"] },
    );
    const groups = fc.array(
      fc.oneof(fc.constant({ id: group }), fc.constantFrom({ id: 7 }, null, {}, group, { id: `${group} ` })),
      {
        maxLength: 3,
      },
    );
    const status = fc.oneof({ weight: 6, arbitrary: fc.constant(200) }, fc.integer({ min: 200, max: 599 }));
    const answer = (body: fc.Arbitrary<unknown>): fc.Arbitrary<Behaviour> =>
      fc.oneof(
        { weight: 30, arbitrary: fc.record({ status, body: body.map((value) => JSON.stringify(value)) }) },
        { weight: 8, arbitrary: fc.record({ status, body: text }) },
        { weight: 4, arbitrary: fc.constantFrom<Behaviour>("reset", "truncate", "endless") },
        { weight: 1, arbitrary: fc.constantFrom<Behaviour>("hang", "trickle") },
        {
          weight: 1,
          arbitrary: fc.constant<Behaviour>({
            status: 307,
            headers: { Location: `${server.url}/introspect?again` },
          }),
        },
      );
    let run = 0;
    const seen = { Allow: 0, Deny: 0, Error: 0 };
    await fc.assert(
      fc.asyncProperty(answer(user), answer(groups), async (introspect, groups) => {
        server.next.introspect = [introspect];
        server.next.groups = [groups];
        const header = `Bearer ${mark}${run++}`;
        const asked = [introspect, groups].some(isSlow) ? impatient : authorizer;
        const effect = await effectOf(asked, { type: "TOKEN", authorizationToken: header, methodArn });
        seen[effect]++;
        assert.equal(effect === "Allow", isVouchedFor(introspect, groups));
      }),
      { numRuns: 4_000 },
    );
    server.next.introspect = [];
    server.next.groups = [];
    assert.ok(
      Math.min(...Object.values(seen)) > 50,
      `all three outcomes were reached: ${JSON.stringify(seen)}`,
    );
  });

  it("never allow a token that the issuer did not sign (2,000)", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const key = { ...publicKey.export({ format: "jwk" }), kid: "k", alg: "ES256" };
    const issuer = server.url;
    const authorizer = createAuthorizer({
      ACCESS_LEVEL: "read",
      ACCESS_GROUPS: JSON.stringify([group]),
      IDENTITY_PROVIDER: "jwt",
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: "api",
      JWT_JWKS_URL: `${issuer}/introspect`,
    });
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = { iss: issuer, aud: "api", sub: "user-1", exp: 4_000_000_000, groups: [group] };
    const signed = `${part({ alg: "ES256", kid: "k" })}.${part(claims)}`;
    const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
    const good = `${signed}.${signature.toString("base64url")}`;
    server.next.introspect = Array(50).fill({ body: JSON.stringify({ keys: [key] }) });
    const event = (token: string) => ({ type: "TOKEN", authorizationToken: `Bearer ${token}`, methodArn });
    assert.equal(await effectOf(authorizer, event(good)), "Allow", "the unchanged token is good");

    const changed = fc
      .record({ at: fc.nat(good.length - 1), to: fc.constantFrom(..."ABCabc019-_.= \n\u0000é") })
      .map(({ at, to }) => good.slice(0, at) + to + good.slice(at + 1))
      // The last character of a signature holds four bits that decoding ignores.
      .filter((token) => token.trim() !== good && token.slice(0, -1) !== good.slice(0, -1));
    const forged = fc
      .record({
        header: fc.json(),
        claims: fc.constantFrom(claims, { ...claims, exp: undefined }),
        tail: fc.base64String(),
      })
      .map(
        ({ header, claims, tail }) => `${Buffer.from(header).toString("base64url")}.${part(claims)}.${tail}`,
      );
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, forged, fc.string({ unit: "binary" })), async (token) => {
        assert.notEqual(await effectOf(authorizer, event(token)), "Allow");
      }),
      { numRuns: 2_000 },
    );
    server.next.introspect = [];
  });

  it("redirect to the configured URL and nowhere else (1,000)", async () => {
    const redirect = createRedirect({ REDIRECT_TO: "https://api.example.org/v3" });
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.webPath(),
      fc.constantFrom(
        "//evil.example",
        "/\\evil.example",
        "../../x",
        "%2e%2e/..",
        "@evil.example",
        "http://evil.example",
        "\r\nSet-Cookie: a=b",
        "%",
        "%0d%0a",
        "\ud800",
      ),
    );
    const event: fc.Arbitrary<ProxyEvent> = fc.record(
      {
        path: text,
        pathParameters: fc.oneof(fc.record({ proxy: text }), fc.constant(null)),
        multiValueQueryStringParameters: fc.oneof(
          fc.dictionary(text, fc.array(text, { maxLength: 3 })),
          fc.constant(null),
        ),
        headers: fc.constant({ Host: "evil.example", "X-Forwarded-Host": "evil.example" }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(event, async (event) => {
        const { statusCode, headers } = await redirect(event);
        const location = headers?.Location ?? "";
        assert.equal(statusCode, 307);
        assert.ok(location.startsWith("https://api.example.org/v3/"), location);
        assert.ok(new URL(location).href.startsWith("https://api.example.org/v3/"), location);
        assert.match(location, /^[\x21-\x7e]+$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** What the authorizer should find in the provider's two answers, worked out on its own. */
function isVouchedFor(introspect: Behaviour, groups: Behaviour): boolean {
  const read = (behaviour: Behaviour): unknown => {
    if (typeof behaviour === "string" || behaviour.status !== 200) return undefined;
    try {
      return JSON.parse(behaviour.body ?? "");
    } catch {
      return undefined;
    }
  };
  const user = read(introspect) as { active?: unknown; sub?: unknown; exp?: unknown } | null | undefined;
  const members = read(groups);
  return (
    user?.active === true &&
    typeof user.sub === "string" &&
    user.sub !== "" &&
    (user.exp === undefined || user.exp === null || Number(user.exp) * 1000 > Date.now()) &&
    Array.isArray(members) &&
    members.some((member) => member?.id === group)
  );
}
