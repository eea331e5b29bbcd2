import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionBundles } from "../functions/build";
import { LambdaFunction, type PolicyStatement } from "./lambda-function";

export { allowAuthorizer, allowRoutes } from "./lambda-permission";

/** Named access levels, e.g. read, create, data-admin. */
export interface AccessLevels {
  [level: string]: AccessLevel;
}

export interface AccessLevel {
  /** Ids of the groups whose members hold the level. */
  groups: string[];
  /** Levels whose holders hold this one too. Default: none. */
  includes?: string[];
  /** Hint for a caller who does not hold it. Default: a sentence naming the level. */
  message?: string;
}

/** Who vouches for callers. */
export type IdentitySettings = { globus: GlobusIdentity } | { jwt: JwtIdentity };

export interface GlobusIdentity {
  /** Id of the application registered with Globus Auth. */
  clientId: string;
  /** ARN of the Secrets Manager secret (or SSM parameter) with `clientSecret` and `processSecret`; see docs/functions.md. */
  secretArn: string;
  /** Token introspection. Default: Globus Auth's. */
  introspectUrl?: string;
  /** The caller's groups. Default: Globus Groups'. */
  groupsUrl?: string;
}

export interface JwtIdentity {
  /** The `iss` every token must have. */
  issuer: string;
  /** The `aud` every token must have. */
  audience: string;
  /** Where the issuer's public keys are. Default: `<issuer>/.well-known/jwks.json`. */
  jwksUrl?: string;
  /** Scopes a token must all have. Default: none. */
  scopes?: string[];
  /** Claim with the caller's groups. Default: groups. */
  groupsClaim?: string;
  /** As for Globus, with `processSecret` only. Default: no process secret. */
  secretArn?: string;
}

export interface GatewayFunctionsArgs {
  /** The stage's name, e.g. dev. */
  stage: string;
  /** The built code: see functions/build.ts. */
  bundles: FunctionBundles;
  /** One authorizer function is made per level. */
  levels: AccessLevels;
  identity: IdentitySettings;
  /** How long API Gateway keeps an authorizer's answers, in seconds, 0 to 3600; the policies fit it. */
  authorizerCacheSeconds: number;
  /** Days the functions' logs are kept. */
  logRetentionDays: number;
  /** Headers of the 404 and redirect answers, name to value. Default: none. */
  cors?: Record<string, string>;
  /** Where a retired API version's callers are sent, e.g. https://search-api.example.org/v3; absent: no redirect function. */
  redirectTo?: string;
  /** Invocations of each authorizer that may run at once. Default: not reserved, see LambdaFunctionArgs. */
  reservedConcurrency?: number;
  tags?: Record<string, string>;
}

/** A stage's functions: one authorizer per access level on a shared layer, the 404 and the redirect. */
export class GatewayFunctions extends pulumi.ComponentResource {
  /** Authorizer function by access level. */
  readonly authorizers: Record<string, aws.lambda.Function>;
  readonly notFound: aws.lambda.Function;
  readonly redirect?: aws.lambda.Function;
  readonly layer: aws.lambda.LayerVersion;

  constructor(name: string, args: GatewayFunctionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:GatewayFunctions", name, args, opts);
    const parent = this;
    const common = { logRetentionDays: args.logRetentionDays, tags: args.tags };
    const identity = normalizeIdentity(args.identity);
    const groups = normalizeLevels(args.levels);
    const cors: Record<string, string> = args.cors ? { CORS_HEADERS: JSON.stringify(args.cors) } : {};

    this.layer = createLayer();
    this.authorizers = createAuthorizers(this.layer);
    this.notFound = createNotFound();
    this.redirect = createRedirect();
    this.registerOutputs({ layerArn: this.layer.arn });

    /** Replaced when its content changes; the old version stays for whatever still runs on it. */
    function createLayer(): aws.lambda.LayerVersion {
      return new aws.lambda.LayerVersion(
        `${name}-layer`,
        {
          layerName: `gateway-${name}`,
          description: `Shared packages of the functions, content ${args.bundles.layer.sha256.slice(0, 12)}`,
          code: new pulumi.asset.FileArchive(args.bundles.layer.archive),
          compatibleRuntimes: ["nodejs22.x"],
          compatibleArchitectures: ["arm64"],
          skipDestroy: true,
        },
        { parent },
      );
    }

    function createAuthorizers(layer: aws.lambda.LayerVersion): Record<string, aws.lambda.Function> {
      return Object.fromEntries(
        Object.entries(args.levels).map(([level, { message }]) => [
          level,
          new LambdaFunction(
            `${name}-${level}-authorizer`,
            {
              ...common,
              bundle: args.bundles.authorizer,
              description: `Allows the callers who hold the access level ${level} in ${args.stage}`,
              environment: {
                ACCESS_LEVEL: level,
                ACCESS_GROUPS: JSON.stringify(groups[level]),
                DENY_MESSAGE: message ?? `User token is not associated with the access level ${level}`,
                POLICY_SCOPE: args.authorizerCacheSeconds > 0 ? "stage" : "method",
                ...identity.environment,
              },
              layers: [layer.arn],
              // API Gateway gives an authorizer 10 seconds at most.
              timeoutSeconds: 9,
              reservedConcurrency: args.reservedConcurrency,
              statements: identity.statements,
            },
            { parent },
          ).function,
        ]),
      );
    }

    function createNotFound(): aws.lambda.Function {
      return new LambdaFunction(
        `${name}-not-found`,
        {
          ...common,
          bundle: args.bundles.notFound,
          description: `Answers what no API of ${args.stage} defines`,
          environment: cors,
          memoryMb: 128,
        },
        { parent },
      ).function;
    }

    function createRedirect(): aws.lambda.Function | undefined {
      if (args.redirectTo === undefined) return undefined;
      return new LambdaFunction(
        `${name}-redirect`,
        {
          ...common,
          bundle: args.bundles.redirect,
          description: `Sends callers of a retired API version to ${args.redirectTo}`,
          environment: { ...cors, REDIRECT_TO: args.redirectTo },
          memoryMb: 128,
        },
        { parent },
      ).function;
    }
  }
}

/** Each level's groups and those of the levels it includes, directly or not. */
export function normalizeLevels(levels: AccessLevels): Record<string, string[]> {
  const groupsOf = (level: string, path: string[]): string[] => {
    const found = levels[level];
    if (found === undefined) {
      throw new Error(
        `Access level ${path.at(-1)} includes ${level}, which is none of [${Object.keys(levels).join(", ")}]`,
      );
    }
    if (path.includes(level))
      throw new Error(`Access levels include each other: ${[...path, level].join(" > ")}`);
    return [...found.groups, ...(found.includes ?? []).flatMap((other) => groupsOf(other, [...path, level]))];
  };
  return Object.fromEntries(Object.keys(levels).map((level) => [level, [...new Set(groupsOf(level, []))]]));
}

function normalizeIdentity(identity: IdentitySettings): {
  environment: Record<string, string>;
  statements: PolicyStatement[];
} {
  if ("globus" in identity) {
    const { clientId, secretArn, introspectUrl, groupsUrl } = identity.globus;
    return {
      environment: {
        IDENTITY_PROVIDER: "globus",
        GLOBUS_CLIENT_ID: clientId,
        GLOBUS_INTROSPECT_URL: introspectUrl ?? "https://auth.globus.org/v2/oauth2/token/introspect",
        GLOBUS_GROUPS_URL: groupsUrl ?? "https://groups.api.globus.org/v2/groups/my_groups",
        SECRET_ARN: secretArn,
      },
      statements: [readSecret(secretArn)],
    };
  }
  const { issuer, audience, jwksUrl, scopes, groupsClaim, secretArn } = identity.jwt;
  return {
    environment: {
      IDENTITY_PROVIDER: "jwt",
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: audience,
      JWT_JWKS_URL: jwksUrl ?? `${issuer.replace(/\/$/, "")}/.well-known/jwks.json`,
      JWT_SCOPES: JSON.stringify(scopes ?? []),
      JWT_GROUPS_CLAIM: groupsClaim ?? "groups",
      ...(secretArn === undefined ? {} : { SECRET_ARN: secretArn }),
    },
    statements: secretArn === undefined ? [] : [readSecret(secretArn)],
  };
}

function readSecret(arn: string): PolicyStatement {
  return arn.split(":")[2] === "ssm"
    ? { Action: ["ssm:GetParameter"], Resource: arn }
    : { Action: ["secretsmanager:GetSecretValue"], Resource: arn };
}
