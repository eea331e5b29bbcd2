import assert from "node:assert/strict";
import { GatewayFunctions, type GatewayFunctionsArgs } from "../../../components/functions/gateway-functions";
import { at } from "../../../lib/json";
import { type Declared, declare } from "../../support/declare";
import { bundles } from "../../support/stage";

const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-a1B2c3";
const levels = {
  read: { groups: ["g-read"], includes: ["create"] },
  create: { groups: ["g-one", "g-two"], includes: ["data-admin"] },
  "data-admin": { groups: ["g-admin"] },
};
const normal: GatewayFunctionsArgs = {
  stage: "dev",
  bundles,
  levels,
  identity: { globus: { clientId: "client", secretArn } },
  authorizerCacheSeconds: 0,
  logRetentionDays: 90,
};
let functions: GatewayFunctions;
const declared = (args: Partial<GatewayFunctionsArgs> = {}, preview = false) =>
  declare(
    () => {
      functions = new GatewayFunctions("dev", { ...normal, ...args });
    },
    { preview },
  );
const variables = (resources: Declared, name: string): Record<string, string> =>
  JSON.parse(JSON.stringify(at(resources.one("Function", name).inputs, ["environment", "variables"])));
/** The statements of a function's policy, without those for its log and traces. */
const statements = (resources: Declared, name: string) =>
  JSON.parse(String(resources.one("RolePolicy", name).inputs.policy)).Statement.slice(2);

describe("The functions of a stage", () => {
  it("are one authorizer per level and the 404, and no redirect unless told where to", async () => {
    const resources = await declared();
    assert.deepEqual(
      resources.all("Function").map(({ name }) => name),
      [
        "dev-create-authorizer-function",
        "dev-data-admin-authorizer-function",
        "dev-not-found-function",
        "dev-read-authorizer-function",
      ],
    );
    assert.deepEqual(Object.keys(functions.authorizers), Object.keys(levels));
    assert.deepEqual(functions.redirects, {});
    for (const name of resources.names) assert.ok(name === "dev" || name.startsWith("dev-"), name);
  });

  it("may be of any levels", async () => {
    const resources = await declared({ levels: { "wing-a": { groups: ["g"], message: "Not of wing A" } } });
    const { ACCESS_LEVEL, ACCESS_GROUPS, DENY_MESSAGE } = variables(
      resources,
      "dev-wing-a-authorizer-function",
    );
    assert.deepEqual([ACCESS_LEVEL, ACCESS_GROUPS, DENY_MESSAGE], ["wing-a", '["g"]', "Not of wing A"]);
    const unnamed = await declared({ levels: { "wing-a": { groups: ["g"] } } });
    assert.match(
      variables(unnamed, "dev-wing-a-authorizer-function").DENY_MESSAGE ?? "",
      /access level wing-a/,
    );
  });

  it("know the groups of their own level and of those it includes, and their level's hint", async () => {
    const resources = await declared();
    const of = (level: string) => variables(resources, `dev-${level}-authorizer-function`);
    const groups = (level: string) => JSON.parse(of(level).ACCESS_GROUPS ?? "");
    assert.deepEqual(groups("read"), ["g-read", "g-one", "g-two", "g-admin"]);
    assert.deepEqual(groups("create"), ["g-one", "g-two", "g-admin"]);
    assert.deepEqual(groups("data-admin"), ["g-admin"]);
    assert.equal(of("read").DENY_MESSAGE, "User token is not associated with the required globus group");
    assert.equal(of("create").DENY_MESSAGE, "User token is not associated with any data provider groups");
    assert.equal(of("data-admin").DENY_MESSAGE, "User token is not associated with the correct globus group");
  });

  it("cover the whole stage in a policy exactly when answers are cached", async () => {
    assert.equal(variables(await declared(), "dev-read-authorizer-function").POLICY_SCOPE, "method");
    assert.equal(
      variables(await declared({ authorizerCacheSeconds: 300 }), "dev-read-authorizer-function").POLICY_SCOPE,
      "stage",
    );
  });

  it("name Globus's addresses and the secret's ARN, never a secret", async () => {
    const { GLOBUS_INTROSPECT_URL, GLOBUS_GROUPS_URL, SECRET_ARN, ...rest } = variables(
      await declared(),
      "dev-read-authorizer-function",
    );
    assert.equal(GLOBUS_INTROSPECT_URL, "https://auth.globus.org/v2/oauth2/token/introspect");
    assert.equal(GLOBUS_GROUPS_URL, "https://groups.api.globus.org/v2/groups/my_groups");
    assert.equal(SECRET_ARN, secretArn);
    assert.deepEqual(Object.keys(rest).toSorted(), [
      "ACCESS_GROUPS",
      "ACCESS_LEVEL",
      "DENY_MESSAGE",
      "GLOBUS_CLIENT_ID",
      "IDENTITY_PROVIDER",
      "POLICY_SCOPE",
    ]);
  });

  it("may read that one secret and nothing else", async () => {
    const resources = await declared();
    assert.deepEqual(statements(resources, "dev-read-authorizer-policy"), [
      { Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: secretArn },
    ]);
    assert.deepEqual(statements(resources, "dev-not-found-policy"), []);
  });

  it("may read a secret named without its six random characters, an SSM parameter, a key", async () => {
    const of = async (globus: { secretArn: string; secretKeyArn?: string }) =>
      statements(
        await declared({ identity: { globus: { clientId: "c", ...globus } } }),
        "dev-read-authorizer-policy",
      );
    const short = "arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway";
    assert.equal((await of({ secretArn: short }))[0].Resource, `${short}-??????`);
    const parameter = "arn:aws:ssm:us-east-1:123456789012:parameter/gateway/dev";
    const key = "arn:aws:kms:us-east-1:123456789012:key/1";
    assert.deepEqual(await of({ secretArn: parameter, secretKeyArn: key }), [
      { Effect: "Allow", Action: ["ssm:GetParameter"], Resource: parameter },
      { Effect: "Allow", Action: ["kms:Decrypt"], Resource: key },
    ]);
  });

  it("verify JWTs when told to, without any secret", async () => {
    const jwt = { issuer: "https://issuer.example.org/", audience: "api", scopes: ["read"] };
    const resources = await declared({ identity: { jwt } });
    const { IDENTITY_PROVIDER, JWT_JWKS_URL, JWT_SCOPES, SECRET_ARN } = variables(
      resources,
      "dev-read-authorizer-function",
    );
    assert.deepEqual(
      [IDENTITY_PROVIDER, JWT_JWKS_URL, JWT_SCOPES],
      ["jwt", "https://issuer.example.org/.well-known/jwks.json", '["read"]'],
    );
    assert.equal(SECRET_ARN, undefined);
    assert.deepEqual(statements(resources, "dev-read-authorizer-policy"), []);
  });

  it("share a layer whose old versions stay, and end before API Gateway gives up", async () => {
    const resources = await declared();
    const layer = resources.one("LayerVersion");
    assert.equal(layer.inputs.skipDestroy, true);
    assert.match(String(layer.inputs.description), /content 000000000000/);
    for (const level of Object.keys(levels)) {
      const { inputs } = resources.one("Function", `dev-${level}-authorizer-function`);
      assert.deepEqual(inputs.layers, [layer.outputs.arn]);
      assert.ok(Number(inputs.timeout) < 10);
    }
    assert.ok(!("layers" in resources.one("Function", "dev-not-found-function").inputs));
  });

  it("send CORS headers and redirect as configured", async () => {
    const cors = { "Access-Control-Allow-Origin": "*" };
    const resources = await declared({
      cors,
      redirects: { "search-v2-api": "https://search-api.example.org/v3" },
    });
    assert.deepEqual(variables(resources, "dev-not-found-function"), { CORS_HEADERS: JSON.stringify(cors) });
    assert.deepEqual(variables(resources, "dev-search-v2-api-redirect-function"), {
      CORS_HEADERS: JSON.stringify(cors),
      REDIRECT_TO: "https://search-api.example.org/v3",
    });
    assert.deepEqual(Object.keys(functions.redirects), ["search-v2-api"]);
  });

  it("are refused when a level's environment variables are larger than Lambda allows", async () => {
    const groups = Array.from(
      { length: 120 },
      (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    );
    await assert.rejects(
      declared({ levels: { read: { groups } } }),
      /dev-read-authorizer: .*Lambda allows 4096.*ACCESS_GROUPS/,
    );
  });

  it("are declared whole in a preview", async () => {
    assert.deepEqual((await declared({}, true)).names, (await declared()).names);
  });
});

describe("The role with which API Gateway invokes the functions", () => {
  it("may be assumed by API Gateway and invokes each of the functions, and nothing else", async () => {
    const resources = await declared({ redirects: { "old-api": "https://new.example.org" } });
    const role = resources.one("Role", "dev-invoke-role");
    assert.match(
      String(role.inputs.assumeRolePolicy),
      /"Principal":\{"Service":"apigateway\.amazonaws\.com"\}/,
    );
    const policies = resources.all("RolePolicy").filter(({ inputs }) => inputs.role === role.id);
    const statements = policies.flatMap(
      ({ inputs }) =>
        (JSON.parse(String(inputs.policy)) as { Statement: Record<string, unknown>[] }).Statement,
    );
    assert.deepEqual(
      statements.map(({ Resource }) => Resource).sort(),
      resources
        .all("Function")
        .map(({ outputs }) => outputs.arn)
        .sort(),
    );
    assert.ok(statements.length > 3);
    for (const { Effect, Action } of statements) {
      assert.deepEqual({ Effect, Action }, { Effect: "Allow", Action: "lambda:InvokeFunction" });
    }
  });
});
