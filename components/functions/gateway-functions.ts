import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionBundles } from "../../functions/build";
import { type AccessLevels, defaultMessage, normalizeLevels } from "./access-levels";
import { type IdentitySettings, identityErrors, isHttpsUrl, normalizeIdentity } from "./identity-settings";
import { LambdaFunction } from "./lambda-function";

export type { AccessLevel, AccessLevels } from "./access-levels";
export type { GlobusIdentity, IdentitySettings, JwtIdentity } from "./identity-settings";
export { allowAuthorizer, allowRoutes } from "./lambda-permission";

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
  /** Where the callers of each retired API are sent: its name to a URL, e.g. https://search-api.example.org/v3. Default: none. */
  redirects?: Record<string, string>;
  /** Invocations of each authorizer that may run at once. Default: not reserved, see LambdaFunctionArgs. */
  reservedConcurrency?: number;
  tags?: Record<string, string>;
}

/** A stage's functions: one authorizer per access level on a shared layer, the 404 and the redirects. */
export class GatewayFunctions extends pulumi.ComponentResource {
  /** Authorizer function by access level. */
  readonly authorizers: Record<string, aws.lambda.Function>;
  readonly notFound: aws.lambda.Function;
  /** Redirect function by the name of the retired API. */
  readonly redirects: Record<string, aws.lambda.Function>;
  readonly layer: aws.lambda.LayerVersion;

  constructor(name: string, args: GatewayFunctionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:GatewayFunctions", name, {}, opts);
    const parent = this;
    check(name, args);
    const common = { logRetentionDays: args.logRetentionDays, tags: args.tags };
    const identity = normalizeIdentity(args.identity);
    const groups = normalizeLevels(args.levels);
    const cors: Record<string, string> = args.cors ? { CORS_HEADERS: JSON.stringify(args.cors) } : {};

    this.layer = createLayer();
    this.authorizers = createAuthorizers(this.layer);
    this.notFound = createNotFound();
    this.redirects = createRedirects();
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
                DENY_MESSAGE: message ?? defaultMessage(level),
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

    function createRedirects(): Record<string, aws.lambda.Function> {
      return Object.fromEntries(
        Object.entries(args.redirects ?? {}).map(([api, url]) => [
          api,
          new LambdaFunction(
            `${name}-${api}-redirect`,
            {
              ...common,
              bundle: args.bundles.redirect,
              description: `Sends callers of the retired ${api} to ${url}`,
              environment: { ...cors, REDIRECT_TO: url },
              memoryMb: 128,
            },
            { parent },
          ).function,
        ]),
      );
    }
  }
}

/**
 * What AWS would refuse, or what would leave a door open, before anything is made.
 * API Gateway: authorizers of an API at most 10, their answers kept 3600 seconds at most.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 * and https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html
 */
function check(name: string, args: GatewayFunctionsArgs): void {
  const errors: string[] = [];
  const levels = Object.keys(args.levels);
  if (levels.length > 10)
    errors.push(`there are ${levels.length} access levels, an API takes 10 authorizers`);
  for (const level of levels) {
    if (!/^[a-z][a-z0-9-]{0,29}$/.test(level)) {
      errors.push(`access level "${level}": accepted are up to 30 of a-z, 0-9 and -, a letter first`);
    }
    if (level === "public")
      errors.push('access level "public": this name is for operations without authorizer');
  }
  const ttl = args.authorizerCacheSeconds;
  if (!Number.isInteger(ttl) || ttl < 0 || ttl > 3600) {
    errors.push(`authorizerCacheSeconds is ${ttl}: accepted are whole seconds from 0 to 3600`);
  }
  for (const [api, url] of Object.entries(args.redirects ?? {})) {
    if (isHttpsUrl(url)) continue;
    errors.push(`redirect of ${api} is ${url}: accepted is an https URL without user, query or fragment`);
  }
  errors.push(...identityErrors(args.identity));
  if (errors.length > 0) throw new Error(`${name}: ${errors.join("; ")}`);
}
