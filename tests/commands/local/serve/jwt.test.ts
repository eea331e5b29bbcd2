import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { listen } from "../../../../commands/local/listen";
import { type ServedStack, type ServeOptions, serveStack } from "../../../../commands/local/serve";
import { welcome } from "../../../../commands/local/serve/welcome";
import { fixtures, recorded } from "../../../support/fixtures";

const issuer = "https://id.example.org";
const audience = "gateway";

describe("A served stack that verifies JWTs", function () {
  this.timeout(60_000);
  let provider: Server;
  let jwksUrl: string;
  /** Signs as the real provider does, whose keys are at `jwksUrl`. */
  let sign: (groups: string[]) => Promise<string>;
  let stack: ServedStack | undefined;

  before(async () => {
    const { exportJWK, generateKeyPair, SignJWT } = await import("jose");
    const { privateKey, publicKey } = await generateKeyPair("RS256");
    const key = { ...(await exportJWK(publicKey)), kid: "real", alg: "RS256", use: "sig" };
    provider = createServer((_, response) => response.end(JSON.stringify({ keys: [key] })));
    jwksUrl = `${await listen(provider)}/keys`;
    sign = (groups) =>
      new SignJWT({ groups })
        .setProtectedHeader({ alg: "RS256", kid: "real" })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject("somebody")
        .setIssuedAt()
        .setExpirationTime("1h")
        .sign(privateKey);
  });
  afterEach(() => stack?.close());
  after(() => provider.close());

  async function serve(options: Partial<ServeOptions> = {}, more: object = {}): Promise<ServedStack> {
    const recording = await recorded("dev");
    for (const { type, inputs } of recording.resources) {
      const environment = inputs.environment as { variables?: Record<string, string> } | undefined;
      if (!type.endsWith(":Function") || !environment?.variables?.ACCESS_LEVEL) continue;
      const { ACCESS_LEVEL, ACCESS_GROUPS = "[]" } = environment.variables;
      environment.variables = {
        ...{ ACCESS_LEVEL, ACCESS_GROUPS, IDENTITY_PROVIDER: "jwt", JWT_ISSUER: issuer },
        ...{ JWT_AUDIENCE: audience, JWT_JWKS_URL: jwksUrl, ...more },
      };
    }
    stack = await serveStack({ stack: "dev", root: fixtures, port: 0, recording, ...options });
    return stack;
  }
  const status = async ({ port }: ServedStack, token: string) =>
    (
      await fetch(`http://localhost:${port}/uuid-api/uuid/1`, {
        headers: { authorization: `Bearer ${token}` },
      })
    ).status;
  /** Groups of the lowest level. */
  const groups = ({ model }: ServedStack) => {
    const [found] = model.resources
      .ofType("aws:lambda/function:Function")
      .map(({ inputs }) => inputs.environment?.variables)
      .filter((variables) => variables?.ACCESS_LEVEL === "read");
    return JSON.parse(found?.ACCESS_GROUPS ?? "[]") as string[];
  };

  it("prints a signed token per test user, which the authorizers accept by the users' levels", async () => {
    const served = await serve();
    const lines = (await welcome(served)).split("\n");
    const printed = (user: string) =>
      lines
        .find((line) => line.trim().startsWith(`${user} `))
        ?.trim()
        .split(/ +/)[1] ?? "";
    assert.equal(await status(served, printed("read-token")), 200);
    assert.equal(await status(served, printed("create-token")), 200);
    for (const user of ["expired-token", "stranger-token"]) {
      assert.match(printed(user), /^eyJ/, user);
      assert.equal(await status(served, printed(user)), 403, user);
    }
    assert.equal(await status(served, "read-token"), 403, "the name of a token is not the token");
    assert.equal(await status(served, await sign(groups(served))), 403, "the real provider is not asked");
  });

  it("accepts the real provider's tokens on request, and no others", async () => {
    const served = await serve({ realIdentity: true });
    assert.equal(await status(served, await sign(groups(served))), 200);
    assert.equal(await status(served, await sign([])), 403);
    assert.match(await welcome(served), /Tokens: those of the stack's identity provider/);
  });

  it("names the secret that the real provider needs when there are no AWS credentials", async () => {
    const saved = process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_ACCESS_KEY_ID;
    try {
      const SECRET_ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-a1B2c3";
      await assert.rejects(
        serve({ realIdentity: true }, { SECRET_ARN }),
        /secret:gateway-a1B2c3, but the environment has no AWS credentials/,
      );
    } finally {
      if (saved !== undefined) process.env.AWS_ACCESS_KEY_ID = saved;
    }
  });
});
