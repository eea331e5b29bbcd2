import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { normalizeLevels } from "../../../components/functions/access-levels";
import {
  allowAuthorizer,
  allowRoutes,
  GatewayFunctions,
  type GatewayFunctionsArgs,
} from "../../../components/functions/gateway-functions";
import { bundles, type Declared, declared, only } from "./function-mocks";

const functionType = "aws:lambda/function:Function";
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
const declare = (args: Partial<GatewayFunctionsArgs> = {}, preview = false) =>
  declared(() => {
    functions = new GatewayFunctions("dev", { ...normal, ...args });
  }, preview);
const variables = (resources: Declared[], suffix: string) =>
  only(resources, functionType, suffix).inputs.environment.variables;
const statements = (resources: Declared[], suffix: string) =>
  JSON.parse(only(resources, "aws:iam/rolePolicy:RolePolicy", suffix).inputs.policy).Statement.slice(2);

describe("The functions of a stage", () => {
  it("are one authorizer per level and the 404, and no redirect unless told where to", async () => {
    const resources = await declare();
    assert.deepEqual(
      resources
        .filter(({ type }) => type === functionType)
        .map(({ name }) => name)
        .toSorted(),
      [
        "dev-create-authorizer-function",
        "dev-data-admin-authorizer-function",
        "dev-not-found-function",
        "dev-read-authorizer-function",
      ],
    );
    assert.deepEqual(Object.keys(functions.authorizers), Object.keys(levels));
    assert.deepEqual(functions.redirects, {});
    for (const { name } of resources) assert.ok(name === "dev" || name.startsWith("dev-"), name);
  });

  it("may be of any levels", async () => {
    const resources = await declare({ levels: { "wing-a": { groups: ["g"], message: "Not of wing A" } } });
    const { ACCESS_LEVEL, ACCESS_GROUPS, DENY_MESSAGE } = variables(resources, "wing-a-authorizer-function");
    assert.deepEqual([ACCESS_LEVEL, ACCESS_GROUPS, DENY_MESSAGE], ["wing-a", '["g"]', "Not of wing A"]);
    const unnamed = await declare({ levels: { "wing-a": { groups: ["g"] } } });
    assert.match(variables(unnamed, "wing-a-authorizer-function").DENY_MESSAGE, /access level wing-a/);
  });

  it("know the groups of their own level and of those it includes, and their level's hint", async () => {
    const resources = await declare();
    const of = (level: string) => variables(resources, `dev-${level}-authorizer-function`);
    assert.deepEqual(JSON.parse(of("read").ACCESS_GROUPS), ["g-read", "g-one", "g-two", "g-admin"]);
    assert.deepEqual(JSON.parse(of("create").ACCESS_GROUPS), ["g-one", "g-two", "g-admin"]);
    assert.deepEqual(JSON.parse(of("data-admin").ACCESS_GROUPS), ["g-admin"]);
    assert.equal(of("read").DENY_MESSAGE, "User token is not associated with the required globus group");
    assert.equal(of("create").DENY_MESSAGE, "User token is not associated with any data provider groups");
    assert.equal(of("data-admin").DENY_MESSAGE, "User token is not associated with the correct globus group");
  });

  it("cover the whole stage in a policy exactly when answers are cached", async () => {
    assert.equal(variables(await declare(), "read-authorizer-function").POLICY_SCOPE, "method");
    assert.equal(
      variables(await declare({ authorizerCacheSeconds: 300 }), "read-authorizer-function").POLICY_SCOPE,
      "stage",
    );
  });

  it("name Globus's addresses and the secret's ARN, never a secret", async () => {
    const { GLOBUS_INTROSPECT_URL, GLOBUS_GROUPS_URL, SECRET_ARN, ...rest } = variables(
      await declare(),
      "read-authorizer-function",
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
    const resources = await declare();
    assert.deepEqual(statements(resources, "read-authorizer-policy"), [
      { Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: secretArn },
    ]);
    assert.deepEqual(statements(resources, "not-found-policy"), []);
  });

  it("may read a secret named without its six random characters, an SSM parameter, a key", async () => {
    const of = async (globus: { secretArn: string; secretKeyArn?: string }) =>
      statements(
        await declare({ identity: { globus: { clientId: "c", ...globus } } }),
        "read-authorizer-policy",
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
    const resources = await declare({ identity: { jwt } });
    const { IDENTITY_PROVIDER, JWT_JWKS_URL, JWT_SCOPES, SECRET_ARN } = variables(
      resources,
      "read-authorizer-function",
    );
    assert.deepEqual(
      [IDENTITY_PROVIDER, JWT_JWKS_URL, JWT_SCOPES],
      ["jwt", "https://issuer.example.org/.well-known/jwks.json", '["read"]'],
    );
    assert.equal(SECRET_ARN, undefined);
    assert.deepEqual(statements(resources, "read-authorizer-policy"), []);
  });

  it("share a layer whose old versions stay, and end before API Gateway gives up", async () => {
    const resources = await declare();
    const layer = only(resources, "aws:lambda/layerVersion:LayerVersion").inputs;
    assert.equal(layer.skipDestroy, true);
    assert.match(layer.description, /abababababab/);
    for (const level of Object.keys(levels)) {
      const { inputs } = only(resources, functionType, `dev-${level}-authorizer-function`);
      assert.deepEqual(inputs.layers, ["arn:aws:lambda:us-east-1:123456789012:layer:dev-layer:1"]);
      assert.ok(inputs.timeout < 10);
    }
    assert.ok(!("layers" in only(resources, functionType, "not-found-function").inputs));
  });

  it("send CORS headers and redirect as configured", async () => {
    const cors = { "Access-Control-Allow-Origin": "*" };
    const resources = await declare({
      cors,
      redirects: { "search-v2-api": "https://search-api.example.org/v3" },
    });
    assert.deepEqual(variables(resources, "not-found-function"), { CORS_HEADERS: JSON.stringify(cors) });
    assert.deepEqual(variables(resources, "dev-search-v2-api-redirect-function"), {
      CORS_HEADERS: JSON.stringify(cors),
      REDIRECT_TO: "https://search-api.example.org/v3",
    });
    assert.deepEqual(Object.keys(functions.redirects), ["search-v2-api"]);
  });

  it("are refused with everything that is wrong at once", async () => {
    const args: Partial<GatewayFunctionsArgs> = {
      levels: { Read: { groups: [] }, public: { groups: [] } },
      authorizerCacheSeconds: 4000,
      redirects: { "search-v2-api": "//evil.example" },
      identity: { globus: { clientId: "c", secretArn: "gateway", introspectUrl: "http://auth.example.org" } },
    };
    await assert.rejects(declare(args), (error: Error) => {
      for (const part of [
        /"Read": accepted/,
        /"public": this name/,
        /authorizerCacheSeconds is 4000/,
        /redirect of search-v2-api is \/\/evil/,
        /introspectUrl is http:/,
        /secretArn is gateway/,
      ]) {
        assert.match(error.message, part);
      }
      return true;
    });
    const jwt = { issuer: "issuer.example.org", audience: "api" };
    await assert.rejects(declare({ identity: { jwt } }), /jwksUrl is issuer\.example\.org\/\.well-known/);
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`l${index}`, { groups: [] }]));
    await assert.rejects(declare({ levels: many }), /11 access levels, an API takes 10/);
    const groups = Array.from(
      { length: 120 },
      (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    );
    await assert.rejects(declare({ levels: { read: { groups } } }), /dev-read-authorizer: .*ACCESS_GROUPS/);
  });

  it("are declared whole in a preview", async () => {
    assert.equal((await declare({}, true)).length, (await declare()).length);
  });
});

describe("Access levels", () => {
  it("gather the groups of what they include, once each", () => {
    assert.deepEqual(
      normalizeLevels({
        a: { groups: ["1", "2"], includes: ["b", "c"] },
        b: { groups: ["2"], includes: ["c"] },
        c: { groups: ["3"] },
      }),
      {
        a: ["1", "2", "3"],
        b: ["2", "3"],
        c: ["3"],
      },
    );
  });

  it("are refused when they include each other or one that is not there", () => {
    assert.throws(
      () => normalizeLevels({ a: { groups: [], includes: ["b"] }, b: { groups: [], includes: ["a"] } }),
      /a > b > a/,
    );
    assert.throws(
      () => normalizeLevels({ a: { groups: [], includes: ["x"] } }),
      /Access level a includes x, which is none of \[a\]/,
    );
  });
});

describe("A permission to invoke", () => {
  it("is for one API's authorizers, or for one API's routes", async () => {
    const resources = await declared(() => {
      const restApi = new aws.apigateway.RestApi("api", {});
      const { authorizers, notFound } = new GatewayFunctions("dev", normal);
      allowAuthorizer("api-read-permission", { function: authorizers.read as aws.lambda.Function, restApi });
      allowRoutes("api-not-found-permission", { function: notFound, restApi });
    });
    const of = (suffix: string) => only(resources, "aws:lambda/permission:Permission", suffix).inputs;
    const common = { action: "lambda:InvokeFunction", principal: "apigateway.amazonaws.com" };
    assert.deepEqual(of("read-permission"), {
      ...common,
      function: "dev-read-authorizer-function-1a2b3c4",
      sourceArn: "arn:aws:execute-api:us-east-1:123456789012:abc123/authorizers/*",
    });
    assert.deepEqual(of("not-found-permission"), {
      ...common,
      function: "dev-not-found-function-1a2b3c4",
      sourceArn: "arn:aws:execute-api:us-east-1:123456789012:abc123/*/*",
    });
  });
});
