import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionBundle } from "../../functions/build";
import { LambdaFunction, type LambdaNetwork } from "../functions/lambda-function";
import { trustPolicy } from "../iam";
import { limitedName } from "../names";

export interface KeepAliveArgs {
  /** The stage's name, e.g. dev. */
  stage: string;
  /** The built code; see functions/build.ts. */
  bundle: FunctionBundle;
  /** ARN of the shared layer. */
  layer: pulumi.Input<string>;
  /** The health route of each API, at its public domain name. */
  targets: KeepAliveTarget[];
  /** Days between calls, 1 to 30. A VPC link becomes inactive after 60 days without traffic. */
  everyDays: number;
  /** Retention of the function's logs, in days. */
  logRetentionDays: number;
  /** SNS topic for alarms. Default: none; the alarms only change state. */
  alarmTopicArn?: pulumi.Input<string>;
  /**
   * Subnets with internet access, and security groups, for the function. Required behind a web ACL that only allows
   * listed addresses: list the NAT gateway's address there. Default: no VPC; the function's address is unpredictable.
   */
  network?: LambdaNetwork;
  tags?: Record<string, string>;
}

export interface KeepAliveTarget {
  /** The service's name, for logs and errors. */
  service: string;
  url: pulumi.Input<string>;
}

/**
 * Calls each API through its public domain name every few days, so that the VPC link stays active, and raises an
 * alarm when one does not respond.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html (60 days)
 */
export class KeepAlive extends pulumi.ComponentResource {
  readonly function: aws.lambda.Function;
  readonly schedule: aws.scheduler.Schedule;
  readonly alarms: aws.cloudwatch.MetricAlarm[];

  constructor(name: string, args: KeepAliveArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:KeepAlive", name, {}, opts);
    const parent = this;

    this.function = createFunction();
    createSingleAttempt(this.function);
    const group = createScheduleGroup();
    this.schedule = createSchedule(group, createRole(group, this.function), this.function);
    this.alarms = [createFailureAlarm(this.function), createMissedAlarm(group)];
    this.registerOutputs({ functionArn: this.function.arn });

    function createFunction(): aws.lambda.Function {
      return new LambdaFunction(
        `${name}-caller`,
        {
          bundle: args.bundle,
          description: `Calls every API of ${args.stage} so that its VPC link stays active`,
          layers: [args.layer],
          // Four attempts of at most 30 seconds, 30 seconds apart.
          timeoutSeconds: 240,
          logRetentionDays: args.logRetentionDays,
          network: args.network,
          tags: args.tags,
        },
        { parent },
      ).function;
    }

    /** The function retries itself; with Lambda's two retries one failure would count as three. */
    function createSingleAttempt(caller: aws.lambda.Function): aws.lambda.FunctionEventInvokeConfig {
      return new aws.lambda.FunctionEventInvokeConfig(
        `${name}-single-attempt`,
        { functionName: caller.name, maximumRetryAttempts: 0 },
        { parent },
      );
    }

    function createScheduleGroup(): aws.scheduler.ScheduleGroup {
      return new aws.scheduler.ScheduleGroup(
        limitedName("scheduleGroup", `${name}-schedules`),
        { tags: args.tags },
        { parent },
      );
    }

    /**
     * The trust policy is limited to the schedule group, the narrowest source that EventBridge Scheduler passes.
     * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
     */
    function createRole(group: aws.scheduler.ScheduleGroup, caller: aws.lambda.Function): aws.iam.Role {
      const role = new aws.iam.Role(
        limitedName("role", `${name}-role`),
        {
          assumeRolePolicy: trustPolicy("scheduler.amazonaws.com", {
            StringEquals: { "aws:SourceArn": group.arn },
          }),
          tags: args.tags,
        },
        { parent },
      );
      new aws.iam.RolePolicy(
        limitedName("rolePolicy", `${name}-policy`),
        {
          role: role.id,
          policy: pulumi.jsonStringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: caller.arn }],
          }),
        },
        { parent },
      );
      return role;
    }

    function createSchedule(
      group: aws.scheduler.ScheduleGroup,
      role: aws.iam.Role,
      caller: aws.lambda.Function,
    ): aws.scheduler.Schedule {
      const unit = args.everyDays === 1 ? "day" : "days";
      return new aws.scheduler.Schedule(
        limitedName("schedule", `${name}-schedule`),
        {
          description: `Calls every API of ${args.stage}`,
          groupName: group.name,
          scheduleExpression: `rate(${args.everyDays} ${unit})`,
          flexibleTimeWindow: { mode: "OFF" },
          // Not in the function's environment, where 4 KB would limit them to about 40.
          target: {
            arn: caller.arn,
            roleArn: role.arn,
            input: pulumi.jsonStringify({ targets: args.targets }),
          },
        },
        { parent },
      );
    }

    /** Stays in alarm until a call succeeds: missing data between calls is ignored. */
    function createFailureAlarm(caller: aws.lambda.Function): aws.cloudwatch.MetricAlarm {
      return new aws.cloudwatch.MetricAlarm(
        limitedName("alarm", `${name}-failure`),
        {
          ...alarm("AWS/Lambda", "Errors"),
          alarmDescription: `An API of ${args.stage} gave no healthy answer: see the log of the keep-alive function`,
          dimensions: { FunctionName: caller.name },
          treatMissingData: "ignore",
        },
        { parent },
      );
    }

    /** EventBridge Scheduler dropped the invocation. The metric only exists when that happens. */
    function createMissedAlarm(group: aws.scheduler.ScheduleGroup): aws.cloudwatch.MetricAlarm {
      return new aws.cloudwatch.MetricAlarm(
        limitedName("alarm", `${name}-missed`),
        {
          ...alarm("AWS/Scheduler", "InvocationDroppedCount"),
          alarmDescription: `EventBridge Scheduler could not invoke the keep-alive function of ${args.stage}`,
          dimensions: { ScheduleGroup: group.name },
          treatMissingData: "notBreaching",
        },
        { parent },
      );
    }

    function alarm(namespace: string, metricName: string) {
      return {
        namespace,
        metricName,
        statistic: "Sum",
        period: 3600,
        evaluationPeriods: 1,
        threshold: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        alarmActions: args.alarmTopicArn === undefined ? [] : [args.alarmTopicArn],
        okActions: args.alarmTopicArn === undefined ? [] : [args.alarmTopicArn],
        tags: args.tags,
      };
    }
  }
}
