import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { limitedName } from "../names";

export interface AlarmsArgs {
  /** The stage's name, e.g. dev. */
  stage: string;
  /** SNS topic that the alarms notify. */
  topicArn: pulumi.Input<string>;
  /** Authorizer functions by access level. */
  authorizers: Record<string, aws.lambda.Function>;
  /** The APIs by service name. */
  apis: Record<string, AlarmedApi>;
  tags?: Record<string, string>;
}

export interface AlarmedApi {
  restApi: aws.apigateway.RestApi;
  /** The target group of its backend and the load balancer in front of it. Default: none, only functions. */
  target?: { targetGroup: aws.lb.TargetGroup; loadBalancer: aws.lb.LoadBalancer };
}

type AlarmInputs = Pick<
  aws.cloudwatch.MetricAlarmArgs,
  "namespace" | "metricName" | "dimensions" | "statistic" | "period" | "evaluationPeriods" | "threshold"
>;

/** Alarms on what callers notice: failing APIs, unhealthy backends, failing or throttled authorizers. */
export class Alarms extends pulumi.ComponentResource {
  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:Alarms", name, {}, opts);
    const parent = this;
    const { stage } = args;

    for (const [level, authorizer] of Object.entries(args.authorizers))
      createAuthorizerAlarms(level, authorizer);
    for (const [service, api] of Object.entries(args.apis)) createApiAlarms(service, api);
    this.registerOutputs({ topicArn: args.topicArn });

    function createAuthorizerAlarms(level: string, authorizer: aws.lambda.Function): void {
      const common = {
        namespace: "AWS/Lambda",
        dimensions: { FunctionName: authorizer.name },
        ...{ statistic: "Sum", period: 300, evaluationPeriods: 1 },
      };
      createAlarm(
        `${level}-authorizer-errors`,
        `The ${level} authorizer of ${stage} fails: callers get 500`,
        {
          ...common,
          ...{ metricName: "Errors", threshold: 5 },
        },
      );
      createAlarm(
        `${level}-authorizer-throttles`,
        `The ${level} authorizer of ${stage} has no free concurrency: callers get 500`,
        { ...common, metricName: "Throttles", threshold: 1 },
      );
    }

    function createApiAlarms(service: string, { restApi, target }: AlarmedApi): void {
      createAlarm(`${service}-5xx`, `${service} of ${stage} answers with 5xx`, {
        ...{ namespace: "AWS/ApiGateway", metricName: "5XXError" },
        dimensions: { ApiName: restApi.name, Stage: stage },
        ...{ statistic: "Sum", period: 300, evaluationPeriods: 1, threshold: 10 },
      });
      if (!target) return;
      createAlarm(`${service}-unhealthy`, `A backend of ${service} in ${stage} fails its health check`, {
        ...{ namespace: "AWS/NetworkELB", metricName: "UnHealthyHostCount" },
        dimensions: {
          TargetGroup: target.targetGroup.arnSuffix,
          LoadBalancer: target.loadBalancer.arnSuffix,
        },
        ...{ statistic: "Maximum", period: 60, evaluationPeriods: 3, threshold: 1 },
      });
    }

    function createAlarm(suffix: string, alarmDescription: string, inputs: AlarmInputs): void {
      new aws.cloudwatch.MetricAlarm(
        limitedName("alarm", `${name}-${suffix}`),
        {
          alarmDescription,
          ...inputs,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          treatMissingData: "notBreaching",
          alarmActions: [args.topicArn],
          okActions: [args.topicArn],
          tags: args.tags,
        },
        { parent },
      );
    }
  }
}
