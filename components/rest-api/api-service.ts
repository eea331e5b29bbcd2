import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ApiServiceBackend } from "../backends/api-service-backend";
import type { Backend } from "../backends/backend";
import type { TargetWaits } from "../backends/target-waits";
import type { CustomDomain } from "../edge/custom-domain";
import type { ServiceEdge, Stage } from "../stage/stage";
import { accessLogFormat } from "./access-log";

export interface ApiServiceArgs {
  /** The stage it belongs to. */
  stage: Stage;
  /** What handles its requests. Default: Lambda functions only. */
  upstream?: {
    /** See `Stage.edgeOf`. */
    edge: ServiceEdge;
    /** TCP port, the same on the load balancer and on the backend. */
    port: number;
    backend: Backend;
    /** Default: targets are used before they are healthy. */
    waits?: TargetWaits;
  };
  /** The compiled definition as JSON text. */
  definition: pulumi.Input<string>;
  /** Its domain name; several APIs can share one, each with its base path. */
  domain: CustomDomain;
  /** First segments of each path, e.g. v3. Default: none. */
  basePath?: string;
  /** ID of an earlier deployment to serve instead of the definition's. Default: none. */
  pinnedDeployment?: string;
  /** Git commit for the description of a new deployment. Default: none. */
  commit?: string;
  /** Requests per second and burst that it accepts. Default: only the account's limit. */
  throttle?: { rate: number; burst: number };
  /** Keep replaced deployments in AWS, for a rollback. */
  keepDeployments: boolean;
  /** Retention of the logs, in days. */
  logRetentionDays: number;
  tags?: Record<string, string>;
}

/** One API, from its domain name to its backend. */
export class ApiService extends pulumi.ComponentResource {
  readonly restApi: aws.apigateway.RestApi;
  readonly deployment: aws.apigateway.Deployment;
  readonly apiStage: aws.apigateway.Stage;
  readonly mapping: aws.apigatewayv2.ApiMapping;
  /** Set when it has an upstream. */
  readonly target?: { targetGroup: aws.lb.TargetGroup; loadBalancer: aws.lb.LoadBalancer };
  /** Base URL for callers, without a trailing slash. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: ApiServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:ApiService", name, {}, opts);
    const parent = this;
    const { stage, tags } = args;

    const backend = createBackend();
    this.target = backend &&
      args.upstream && {
        targetGroup: backend.targetGroup,
        loadBalancer: args.upstream.edge.loadBalancer.loadBalancer,
      };
    this.restApi = createRestApi();
    this.deployment = createDeployment(this.restApi);
    const accessLog = createAccessLog();
    this.apiStage = createApiStage(this.restApi, this.deployment, accessLog, [
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
        new ApiServiceBackend(
          name,
          { ...args.upstream, stage: stage.name, vpcId: stage.vpcId, tags },
          { parent },
        )
      );
    }

    /** The body is the whole API: an import removes what the new body does not contain. */
    function createRestApi(): aws.apigateway.RestApi {
      return new aws.apigateway.RestApi(
        `${name}-api`,
        {
          name: `${name}-${stage.name}`,
          body: args.definition,
          putRestApiMode: "overwrite",
          failOnWarnings: true,
          // As for its domain name: with the default endpoint disabled, the API's type applies to the domain's callers too.
          // Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-custom-domain-ip-address-type.html
          endpointConfiguration: { types: "REGIONAL", ipAddressType: "dualstack" },
          // Callers must use the domain name: it enforces the TLS policy, and is mapped only after the web ACL is associated.
          disableExecuteApiEndpoint: true,
          tags,
        },
        { parent },
      );
    }

    /**
     * An immutable snapshot of the API, replaced when the definition changes. Stage variables are not part of it. The
     * old one is deleted (or kept, for a rollback) after the API stage uses the new one. The description records what
     * it was created from and never changes afterwards: `npm run ops -- deployments` reads it.
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

    /** Names under /aws/vendedlogs/ do not count against the size limit of the account's log resource policy.
     * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html */
    function createAccessLog(): aws.cloudwatch.LogGroup {
      return new aws.cloudwatch.LogGroup(
        `${name}-access-log`,
        {
          name: `/aws/vendedlogs/apigateway/${stage.name}/${name}`,
          retentionInDays: args.logRetentionDays,
          tags,
        },
        { parent },
      );
    }

    /** Created after the backend and the Lambda permissions, destroyed before them. */
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
          stageName: stage.name,
          deployment: args.pinnedDeployment ?? deployment.id,
          variables: createVariables(),
          accessLogSettings: { destinationArn: accessLog.arn, format: accessLogFormat },
          xrayTracingEnabled: true,
          tags,
        },
        {
          parent,
          dependsOn,
          hooks: backend && args.upstream?.waits?.moveTo(`${name}-stage`, backend.targetGroup.arn),
        },
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

    /** Logs errors, never bodies or headers. API Gateway would create the log group without retention. */
    function createMethodSettings(restApi: aws.apigateway.RestApi, apiStage: aws.apigateway.Stage): void {
      const executionLog = new aws.cloudwatch.LogGroup(
        `${name}-execution-log`,
        {
          name: pulumi.interpolate`API-Gateway-Execution-Logs_${restApi.id}/${stage.name}`,
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
          settings: {
            ...{ metricsEnabled: true, loggingLevel: "ERROR", dataTraceEnabled: false },
            ...(args.throttle && {
              throttlingRateLimit: args.throttle.rate,
              throttlingBurstLimit: args.throttle.burst,
            }),
          },
        },
        { parent, dependsOn: [executionLog] },
      );
    }

    /** AWS returns WAFUnavailableEntityException for minutes after a stage or an ACL is created; the provider retries. */
    function createWebAclAssociation(apiStage: aws.apigateway.Stage): aws.wafv2.WebAclAssociation {
      return new aws.wafv2.WebAclAssociation(
        `${name}-web-acl`,
        { resourceArn: apiStage.arn, webAclArn: stage.webAcl.webAcl.arn },
        { parent, customTimeouts: { create: "15m" } },
      );
    }

    /**
     * Created last, when everything behind it is ready. A domain has one mapping per base path: named by these, so that
     * a renamed service reuses the mapping, and delete-before-replace.
     */
    function createMapping(
      restApi: aws.apigateway.RestApi,
      apiStage: aws.apigateway.Stage,
      association: aws.wafv2.WebAclAssociation,
    ): aws.apigatewayv2.ApiMapping {
      return new aws.apigatewayv2.ApiMapping(
        `${args.domain.domain}-mapping${args.basePath === undefined ? "" : `-${args.basePath}`}`,
        {
          apiId: restApi.id,
          stage: apiStage.stageName,
          domainName: args.domain.domainName.domainName,
          ...(args.basePath === undefined ? {} : { apiMappingKey: args.basePath }),
        },
        { parent, deleteBeforeReplace: true, dependsOn: [association], protect: args.domain.protect },
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
