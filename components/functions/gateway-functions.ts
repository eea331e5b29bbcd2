import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionBundles } from "../../functions/build";
import { holders } from "../../lib/access-levels";
import { authorizerName } from "../names";
import { type AccessLevels, defaultMessage } from "./access-levels";
import { type IdentityProvider, normalizeIdentity } from "./identity-provider";
import { InvokeRole } from "./invoke-role";
import { LambdaFunction } from "./lambda-function";

export type { AccessLevels } from "./access-levels";
export type { IdentityProvider } from "./identity-provider";

export interface GatewayFunctionsArgs {
  /** The stage's name, e.g. dev. */
  stage: string;
  /** The built code; see functions/build.ts. */
  bundles: FunctionBundles;
  /** Each level gets an authorizer function. */
  levels: AccessLevels;
  identity: IdentityProvider;
  /** Seconds for which API Gateway caches an authorizer's policy, 0 to 3600. When cached, a policy covers the whole stage. */
  authorizerCacheSeconds: number;
  /** Retention of the functions' logs, in days. */
  logRetentionDays: number;
  /** Headers of the 404 and redirect responses, name to value. Default: none. */
  cors?: Record<string, string>;
  /** Redirect target of each retired API by its name, e.g. https://search-api.example.org/v3. Default: none. */
  redirects?: Record<string, string>;
  /** Reserved concurrency of each authorizer. Default: none; see LambdaFunctionArgs. */
  reservedConcurrency?: number;
  tags?: Record<string, string>;
}

/** A stage's functions: an authorizer per access level, the 404 function and the redirects, with their shared layer. */
export class GatewayFunctions extends pulumi.ComponentResource {
  /** By access level. */
  readonly authorizers: Record<string, aws.lambda.Function>;
  readonly notFound: aws.lambda.Function;
  /** By the name of the retired API. */
  readonly redirects: Record<string, aws.lambda.Function>;
  readonly layer: aws.lambda.LayerVersion;
  /** ARN of the role with which API Gateway invokes them. */
  readonly invokeRoleArn: pulumi.Output<string>;

  constructor(name: string, args: GatewayFunctionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:GatewayFunctions", name, {}, opts);
    const parent = this;
    const common = { logRetentionDays: args.logRetentionDays, tags: args.tags };
    const identity = normalizeIdentity(args.identity);
    const cors: Record<string, string> = args.cors ? { CORS_HEADERS: JSON.stringify(args.cors) } : {};

    this.layer = createLayer();
    this.authorizers = createAuthorizers(this.layer);
    this.notFound = createNotFound();
    this.redirects = createRedirects();
    this.invokeRoleArn = createInvokeRole({
      ...suffixed("authorizer", this.authorizers),
      "not-found": this.notFound,
      ...suffixed("redirect", this.redirects),
    }).arn;
    this.registerOutputs({ layerArn: this.layer.arn });

    /** Replaced when its content changes; old versions are kept for functions that still use them. */
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
            authorizerName(name, level),
            {
              ...common,
              bundle: args.bundles.authorizer,
              description: `Allows the callers who hold the access level ${level} in ${args.stage}`,
              environment: {
                ACCESS_LEVEL: level,
                ACCESS_GROUPS: JSON.stringify(holders(level, args.levels)),
                DENY_MESSAGE: message ?? defaultMessage(level),
                POLICY_SCOPE: args.authorizerCacheSeconds > 0 ? "stage" : "method",
                ...identity.environment,
              },
              layers: [layer.arn],
              // Below the 10 seconds that API Gateway allows an authorizer.
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

    function createInvokeRole(functions: Record<string, aws.lambda.Function>): InvokeRole {
      return new InvokeRole(`${name}-invoke`, { functions, tags: args.tags }, { parent });
    }
  }
}

const suffixed = <T>(suffix: string, values: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`${key}-${suffix}`, value]));
