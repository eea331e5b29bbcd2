import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ApiServiceBackend } from "../backends/api-service-backend";
import type { Backend } from "../backends/backend";
import type { CustomDomain } from "../edge/custom-domain";
import { allowAuthorizer, allowRoutes } from "../functions/gateway-functions";
import type { ServiceEdge, Stage } from "../stage/stage";
import { accessLogFormat } from "./access-log";

export interface ApiServiceArgs {
  /** The stage it belongs to. */
  stage: Stage;
  /** Where its requests go. Default: nowhere, as functions answer them all. */
  upstream?: {
    /** Its place at the stage's edge; see `Stage.edge`. */
    edge: ServiceEdge;
    /** TCP port, the same on the load balancer and on the backend. */
    port: number;
    /** What answers its requests. */
    backend: Backend;
  };
  /** The function that its definition names behind routes. Default: the stage's 404 function. */
  routeFunction?: aws.lambda.Function;
  /** The compiled definition as JSON text. */
  definition: pulumi.Input<string>;
  /** Access levels whose authorizers the definition names. */
  levels: string[];
  /** Its domain name; APIs can share one, each under its own base path. */
  domain: CustomDomain;
  /** First segments of every path, e.g. v3. Default: none. */
  basePath?: string;
  /** Id of an earlier deployment to serve instead of the definition's own. Default: none. */
  pinnedDeployment?: string;
  /** Git commit that a new deployment is made from, for its description. Default: unknown. */
  commit?: string;
  /** Keep replaced deployments in AWS, to be able to go back to one. */
  keepDeployments: boolean;
  /** Days for which logs are kept. */
  logRetentionDays: number;
  tags?: Record<string, string>;
}

/** One API, from its domain name to its target group. */
export class ApiService extends pulumi.ComponentResource {
  readonly restApi: aws.apigateway.RestApi;
  readonly deployment: aws.apigateway.Deployment;
  readonly apiStage: aws.apigateway.Stage;
  readonly mapping: aws.apigatewayv2.ApiMapping;
  /** Where callers find it, without a final slash. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: ApiServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:ApiService", name, {}, opts);
    const parent = this;
    const { stage, tags } = args;

    const backend = createBackend();
    this.restApi = createRestApi();
    const permissions = createPermissions(this.restApi);
    this.deployment = createDeployment(this.restApi);
    const accessLog = createAccessLog();
    this.apiStage = createApiStage(this.restApi, this.deployment, accessLog, [
      ...permissions,
      ...(backend ? [backend] : []),
      ...(stage.account ? [stage.account] : []),
    ]);
    createMethodSettings(this.restApi, this.apiStage);
    const association = createWebAclAssociation(this.apiStage);
    this.mapping = createMapping(this.restApi, this.apiStage, association);
    this.url = createUrl(args.domain);
    this.registerOutputs({ restApiId: this.restApi.id, deploymentId: this.deployment.id, url: this.url });

    function createBackend(): ApiServiceBackend | undefined {
      return (
        args.upstream &&
        new ApiServiceBackend(name, { ...args.upstream, vpcId: stage.vpcId, tags }, { parent })
      );
    }

    /** Everything of the API is in its body, so an import replaces it as a whole: what a new body lacks is gone. */
    function createRestApi(): aws.apigateway.RestApi {
      return new aws.apigateway.RestApi(
        `${name}-api`,
        {
          name: `${name}-${stage.stage}`,
          body: args.definition,
          putRestApiMode: "overwrite",
          failOnWarnings: true,
          // As its domain name: while the default endpoint is off, the API's type counts for the domain's callers too.
          // Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-custom-domain-ip-address-type.html
          endpointConfiguration: { types: "REGIONAL", ipAddressType: "dualstack" },
          // The domain name is the only way in: it has the TLS policy, and opens after the web ACL is in place.
          disableExecuteApiEndpoint: true,
          tags,
        },
        { parent },
      );
    }

    function createPermissions(restApi: aws.apigateway.RestApi): aws.lambda.Permission[] {
      const { authorizers, notFound } = stage.functions;
      return [
        ...args.levels.map((level) => {
          const authorizer = authorizers[level];
          if (authorizer === undefined) {
            throw new Error(
              `${name} uses the access level ${level}; the stage has ${Object.keys(authorizers).join(", ")}`,
            );
          }
          return allowAuthorizer(
            `${name}-${level}-permission`,
            { function: authorizer, restApi },
            { parent },
          );
        }),
        allowRoutes(
          `${name}-${args.routeFunction ? "routes" : "not-found"}-permission`,
          { function: args.routeFunction ?? notFound, restApi },
          { parent },
        ),
      ];
    }

    /**
     * An immutable snapshot of the API: a new one exactly when the definition is another. Stage variables are not
     * part of it. The old one goes (or stays, for a roll-back) after the API stage has moved on. The description says
     * what it was made from, so it is never changed afterwards: `npm run ops -- deployments` reads it.
     */
    function createDeployment(restApi: aws.apigateway.RestApi): aws.apigateway.Deployment {
      const definition = pulumi.output(args.definition).apply(sha256);
      return new aws.apigateway.Deployment(
        `${name}-deployment`,
        {
          restApi: restApi.id,
          triggers: { definition },
          description: pulumi.interpolate`definition ${definition}${args.commit ? ` commit ${args.commit}` : ""}`,
        },
        { parent, retainOnDelete: args.keepDeployments, ignoreChanges: ["description"] },
      );
    }

    /** Names under /aws/vendedlogs/ stay out of the account's policy for log delivery, which has a size limit.
     * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html */
    function createAccessLog(): aws.cloudwatch.LogGroup {
      return new aws.cloudwatch.LogGroup(
        `${name}-access-log`,
        {
          name: `/aws/vendedlogs/apigateway/${stage.stage}/${name}`,
          retentionInDays: args.logRetentionDays,
          tags,
        },
        { parent },
      );
    }

    /** What it leads to is open before it leads there, and closes after it no longer does: backend and functions. */
    function createApiStage(
      restApi: aws.apigateway.RestApi,
      deployment: aws.apigateway.Deployment,
      accessLog: aws.cloudwatch.LogGroup,
      dependsOn: pulumi.Resource[],
    ): aws.apigateway.Stage {
      return new aws.apigateway.Stage(
        `${name}-stage`,
        {
          restApi: restApi.id,
          stageName: stage.stage,
          deployment: args.pinnedDeployment ?? deployment.id,
          variables: createVariables(),
          accessLogSettings: { destinationArn: accessLog.arn, format: accessLogFormat },
          xrayTracingEnabled: true,
          tags,
        },
        { parent, dependsOn },
      );
    }

    function createVariables(): Record<string, pulumi.Input<string>> {
      if (!args.upstream) return {};
      const { link, loadBalancer } = args.upstream.edge.loadBalancer;
      return {
        VPCLINK: link.id,
        VPCNLB: pulumi.interpolate`${loadBalancer.dnsName}:${args.upstream.port}`,
      };
    }

    /** Errors in the execution log, never bodies or headers. API Gateway would make its log group without retention. */
    function createMethodSettings(restApi: aws.apigateway.RestApi, apiStage: aws.apigateway.Stage): void {
      const executionLog = new aws.cloudwatch.LogGroup(
        `${name}-execution-log`,
        {
          name: pulumi.interpolate`API-Gateway-Execution-Logs_${restApi.id}/${stage.stage}`,
          retentionInDays: args.logRetentionDays,
          tags,
        },
        { parent },
      );
      new aws.apigateway.MethodSettings(
        `${name}-method-settings`,
        {
          restApi: restApi.id,
          stageName: apiStage.stageName,
          methodPath: "*/*",
          settings: { metricsEnabled: true, loggingLevel: "ERROR", dataTraceEnabled: false },
        },
        { parent, dependsOn: [executionLog] },
      );
    }

    /** AWS answers WAFUnavailableEntityException for minutes after a stage or an ACL was made; the provider retries. */
    function createWebAclAssociation(apiStage: aws.apigateway.Stage): pulumi.Resource[] {
      if (stage.webAcl === undefined) return [];
      return [
        new aws.wafv2.WebAclAssociation(
          `${name}-web-acl`,
          { resourceArn: apiStage.arn, webAclArn: stage.webAcl.webAcl.arn },
          { parent, customTimeouts: { create: "15m" } },
        ),
      ];
    }

    /**
     * Last, when everything behind it is in place. A domain has one mapping per base path: named by these, so that a
     * renamed service takes over the mapping, and the old one goes before the new one comes.
     */
    function createMapping(
      restApi: aws.apigateway.RestApi,
      apiStage: aws.apigateway.Stage,
      dependsOn: pulumi.Resource[],
    ): aws.apigatewayv2.ApiMapping {
      return new aws.apigatewayv2.ApiMapping(
        `${args.domain.domain}-mapping${args.basePath === undefined ? "" : `-${args.basePath}`}`,
        {
          apiId: restApi.id,
          stage: apiStage.stageName,
          domainName: args.domain.domainName.domainName,
          ...(args.basePath === undefined ? {} : { apiMappingKey: args.basePath }),
        },
        { parent, deleteBeforeReplace: true, dependsOn },
      );
    }

    function createUrl({ domainName }: CustomDomain): pulumi.Output<string> {
      return pulumi.interpolate`https://${domainName.domainName}${args.basePath ? `/${args.basePath}` : ""}`;
    }
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
