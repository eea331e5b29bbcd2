import assert from "node:assert/strict";
import { type LoadedFunction, loadFunction } from "../../commands/local/lambda";
import { type Authorizer, type AuthorizerEvent, createAuthorizer } from "../../functions/authorizer/handler";
import { buildFunctions } from "../../functions/build";
import { type GlobusServer, startGlobus } from "./globus-server";
import { withOutput } from "./output";
import { useSecretsManager } from "./sdk-environment";

const levels = {
  read: ["g-read", "g-create", "g-admin"],
  create: ["g-create", "g-admin"],
  "data-admin": ["g-admin"],
};
const stage = "arn:aws:execute-api:us-east-1:123456789012:abc123/dev";
const event = (token: string, path = "GET/entities/1"): AuthorizerEvent => ({
  type: "TOKEN",
  authorizationToken: `Bearer ${token}`,
  methodArn: `${stage}/${path}`,
});

describe("the authorizer", () => {
  let server: GlobusServer;
  let restore: () => void;
  before(async () => {
    server = await startGlobus();
    restore = useSecretsManager(server.environment.AWS_ENDPOINT_URL_SECRETS_MANAGER as string);
    for (const group of ["read", "create", "admin", "other"]) {
      server.tokens.set(`${group}-token`, {
        introspection: { active: true, sub: `${group}-user` },
        groups: [{ id: `g-${group}` }],
      });
    }
  });
  after(async () => {
    restore();
    await server.close();
  });
  beforeEach(() => {
    server.received.length = 0;
    for (const queue of Object.values(server.next)) queue.length = 0;
  });

  const environment = (level: keyof typeof levels, more: Record<string, string> = {}) => ({
    ...server.environment,
    ACCESS_LEVEL: level,
    ACCESS_GROUPS: JSON.stringify(levels[level]),
    DENY_MESSAGE: `No ${level}`,
    ...more,
  });

  describe("as the deployed zip with its layer", () => {
    const functions: Partial<Record<keyof typeof levels, LoadedFunction>> = {};
    const logs: string[] = [];
    before(async () => {
      const { authorizer, layer } = buildFunctions();
      for (const level of Object.keys(levels) as (keyof typeof levels)[]) {
        functions[level] = await loadFunction({
          ...authorizer,
          layers: [layer.archive],
          name: `dev-${level}-authorizer`,
          environment: environment(level),
          timeoutSeconds: 9,
          onLog: (text) => logs.push(text),
        });
      }
    });
    after(() => Promise.all(Object.values(functions).map((loaded) => loaded.close())));

    const effects = async (token: string) =>
      Promise.all(
        Object.values(functions).map(async (loaded) => {
          const result = (await loaded.invoke(event(token))) as Awaited<ReturnType<Authorizer>>;
          return [result.policyDocument.Statement[0].Effect, result.principalId, result.context?.key];
        }),
      );

    it("allows each level to those who hold it", async () => {
      assert.deepEqual(await effects("admin-token"), Array(3).fill(["Allow", "admin-user", undefined]));
      assert.deepEqual(await effects("create-token"), [
        ["Allow", "create-user", undefined],
        ["Allow", "create-user", undefined],
        ["Deny", "create-user", "No data-admin"],
      ]);
      assert.deepEqual(await effects("read-token"), [
        ["Allow", "read-user", undefined],
        ["Deny", "read-user", "No create"],
        ["Deny", "read-user", "No data-admin"],
      ]);
      assert.deepEqual(
        (await effects("other-token")).map(([effect]) => effect),
        ["Deny", "Deny", "Deny"],
      );
    });

    it("denies an unknown token with the hint and the constant principal", async () => {
      assert.deepEqual(
        await effects("expired-token"),
        Array(3).fill(["Deny", "default_user|a1b2c3d4", "Non-active login"]),
      );
    });

    it("allows the process secret at every level without asking Globus", async () => {
      const secret = server.secrets.processSecret as string;
      assert.deepEqual(await effects(secret), Array(3).fill(["Allow", "default_user|a1b2c3d4", undefined]));
      assert.ok(server.received.every(({ path }) => path.startsWith("/secret")));
      assert.deepEqual(
        (await effects(`${secret}x`)).map(([effect]) => effect),
        ["Deny", "Deny", "Deny"],
      );
    });

    it("writes JSON lines with counts, and never a token, a secret or a group", async () => {
      await effects("read-token");
      await assert.rejects(
        functions.read?.invoke({ authorizationToken: "Bearer read-token" }) ?? Promise.resolve(),
      );
      const text = logs.join("");
      for (const line of text
        .trim()
        .split("\n")
        .filter((line) => line.startsWith("{")))
        JSON.parse(line);
      assert.match(text, /"Denied":1/);
      assert.match(text, /"Allowed":1/);
      assert.match(text, /"Failed":1/);
      const { clientSecret = "", processSecret = "" } = server.secrets;
      for (const hidden of [
        "read-token",
        "other-token",
        "expired-token",
        "g-read",
        "g-other",
        clientSecret,
        processSecret,
      ]) {
        assert.ok(!text.includes(hidden), hidden);
        assert.ok(!text.includes(Buffer.from(hidden).toString("base64")), hidden);
      }
    });
  });

  describe("behind API Gateway's cache", () => {
    /** What API Gateway does with a TOKEN authorizer: one policy per authorizer and header value, for its TTL. */
    function gateway(authorizers: Record<string, Authorizer>, caching: boolean) {
      const cache = new Map<string, ReturnType<Authorizer>>();
      return async (level: string, token: string, path: string): Promise<boolean> => {
        const key = `${level} ${token}`;
        const known = caching ? cache.get(key) : undefined;
        const answer = known ?? (authorizers[level] as Authorizer)(event(token, path));
        if (caching) cache.set(key, answer);
        const { Effect, Resource } = (await answer).policyDocument.Statement[0];
        const pattern = Resource.split("*")
          .map((text) => text.replace(/[.\\+^$(){}|[\]]/g, "\\$&"))
          .join(".*");
        return Effect === "Allow" && new RegExp(`^${pattern}$`).test(`${stage}/${path}`);
      };
    }
    const routes = ["GET/entities/1", "GET/entities/2", "POST/entities", "DELETE/x/y", "GET/"];

    for (const caching of [false, true]) {
      it(`decides every route by its own level, ${caching ? "with" : "without"} caching`, async () => {
        const scope = { POLICY_SCOPE: caching ? "stage" : "method" };
        const names = Object.keys(levels) as (keyof typeof levels)[];
        const authorizers = Object.fromEntries(
          names.map((level) => [level, createAuthorizer(environment(level, scope))]),
        );
        const { value: wrong } = await withOutput(async () => {
          const allowed = gateway(authorizers, caching);
          const wrong: string[] = [];
          for (const token of ["read-token", "create-token", "admin-token", "other-token", "no-token"]) {
            for (const path of [...routes, ...routes.toReversed()]) {
              for (const level of names) {
                const right = levels[level].includes(`g-${token.replace("-token", "")}`);
                if ((await allowed(level, token, path)) !== right) wrong.push(`${token} ${level} ${path}`);
              }
            }
          }
          return wrong;
        });
        assert.deepEqual(wrong, []);
      });
    }

    it("would refuse the next route if the exact method were cached", async () => {
      const authorizer = createAuthorizer(environment("read", { POLICY_SCOPE: "method" }));
      const { value } = await withOutput(async () => {
        const allowed = gateway({ read: authorizer }, true);
        return [await allowed("read", "read-token", "GET/a"), await allowed("read", "read-token", "GET/b")];
      });
      assert.deepEqual(value, [true, false]);
    });

    it("denies a path with a dot segment at every level, and caches nothing about it", async () => {
      const asking = (path: string) => ({
        ...event("admin-token"),
        methodArn: `arn:aws:execute-api:us-east-1:123456789012:abc123/dev/GET/${path}`,
      });
      const exact = createAuthorizer(environment("read", { POLICY_SCOPE: "method" }));
      const cached = createAuthorizer(environment("read", { POLICY_SCOPE: "stage" }));
      await withOutput(async () => {
        for (const path of ["entities/..%2Fdatasets", "a/%2e%2E/b", "a/..", "x%5c..%5Cy"]) {
          const { policyDocument, context } = await exact(asking(path));
          assert.deepEqual(
            [policyDocument.Statement[0].Effect, context?.key],
            ["Deny", "The path contains a dot segment"],
          );
          await assert.rejects(cached(asking(path)), { message: "Unauthorized" });
        }
        for (const path of ["doi/10.1234%2FHBM764.PLSD.325", "a..b/c", ".well-known/x", ""]) {
          assert.equal((await exact(asking(path))).policyDocument.Statement[0].Effect, "Allow", path);
          assert.equal((await cached(asking(path))).policyDocument.Statement[0].Effect, "Allow", path);
        }
      });
    });

    it("fails when a decision takes too long in total", async () => {
      const patient = { connectMs: 60_000, totalMs: 60_000 };
      const hurried = createAuthorizer(environment("read"), patient, 100);
      server.next.introspect.push("hang");
      await withOutput(() => assert.rejects(hurried(event("read-token")), /No decision within 100 ms/));
    });

    it("caches nothing while Globus is unavailable", async () => {
      const cachedScope = createAuthorizer(environment("read", { POLICY_SCOPE: "stage" }));
      const { value } = await withOutput(async () => {
        server.next.introspect.push({ status: 500 }, { status: 500 });
        await assert.rejects(cachedScope(event("read-token")), /introspection responded with 500/);
        return cachedScope(event("read-token"));
      });
      assert.equal(value.policyDocument.Statement[0].Effect, "Allow");
    });
  });
});
