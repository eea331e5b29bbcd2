import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionBundle } from "../../functions/build";
import { LambdaFunction, type LambdaNetwork } from "../functions/lambda-function";

export interface KeepAliveArgs {
  /** The stage's name, e.g. dev. */
  stage: string;
  /** The built code: see functions/build.ts. */
  bundle: FunctionBundle;
  /** ARN of the functions' shared layer. */
  layer: pulumi.Input<string>;
  /** The health route of each API, through its public domain name. */
  targets: KeepAliveTarget[];
  /** Days between two calls, 1 to 30. A VPC link without traffic for 60 days goes inactive. */
  everyDays: number;
  /** Days the function's logs are kept. */
  logRetentionDays: number;
  /** SNS topic that is told when a target is not reached. Default: none, the alarm only shows. */
  alarmTopicArn?: pulumi.Input<string>;
  /**
   * Subnets with a way to the internet and security groups for the function. Needed where a web ACL admits
   * listed addresses only: list the NAT gateway's. Default: outside any VPC, with addresses nobody can list.
   */
  network?: LambdaNetwork;
  tags?: Record<string, string>;
}

export interface KeepAliveTarget {
  /** The service's name, for the log and the error. */
  service: string;
  url: pulumi.Input<string>;
}

/**
 * Calls each API through the real path every few days, so that its VPC link never goes inactive, and raises an
 * alarm when one does not answer.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html (60 days)
 */
export class KeepAlive extends pulumi.ComponentResource {
  readonly function: aws.lambda.Function;
  readonly schedule: aws.scheduler.Schedule;
  readonly alarms: aws.cloudwatch.MetricAlarm[];

  constructor(name: string, args: KeepAliveArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:KeepAlive", name, {}, opts);
    const parent = this;
    checkDays(name, args.everyDays);

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
          // Four tries of at most 30 seconds with 30 seconds between them.
          timeoutSeconds: 240,
          logRetentionDays: args.logRetentionDays,
          network: args.network,
          tags: args.tags,
        },
        { parent },
      ).function;
    }

    /** The function tries again by itself; Lambda's own two retries would only count one failure as three. */
    function createSingleAttempt(caller: aws.lambda.Function): aws.lambda.FunctionEventInvokeConfig {
      return new aws.lambda.FunctionEventInvokeConfig(
        `${name}-single-attempt`,
        { functionName: caller.name, maximumRetryAttempts: 0 },
        { parent },
      );
    }

    function createScheduleGroup(): aws.scheduler.ScheduleGroup {
      return new aws.scheduler.ScheduleGroup(`${name}-schedules`, { tags: args.tags }, { parent });
    }

    /**
     * The trust names the group: EventBridge Scheduler passes no narrower source.
     * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
     */
    function createRole(group: aws.scheduler.ScheduleGroup, caller: aws.lambda.Function): aws.iam.Role {
      const role = new aws.iam.Role(
        `${name}-role`,
        {
          assumeRolePolicy: pulumi.jsonStringify({
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Action: "sts:AssumeRole",
                Principal: { Service: "scheduler.amazonaws.com" },
                Condition: { StringEquals: { "aws:SourceArn": group.arn } },
              },
            ],
          }),
          tags: args.tags,
        },
        { parent },
      );
      new aws.iam.RolePolicy(
        `${name}-policy`,
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
        `${name}-schedule`,
        {
          description: `Calls every API of ${args.stage}`,
          groupName: group.name,
          scheduleExpression: `rate(${args.everyDays} ${unit})`,
          flexibleTimeWindow: { mode: "OFF" },
          // The targets go with each call: a function's environment holds 4 KB, some 40 of them.
          target: {
            arn: caller.arn,
            roleArn: role.arn,
            input: pulumi.jsonStringify({ targets: args.targets }),
          },
        },
        { parent },
      );
    }

    /** Stays until a later call goes well: between two calls there is no data, and no data changes nothing. */
    function createFailureAlarm(caller: aws.lambda.Function): aws.cloudwatch.MetricAlarm {
      return new aws.cloudwatch.MetricAlarm(
        `${name}-failure`,
        {
          ...alarm("AWS/Lambda", "Errors"),
          alarmDescription: `An API of ${args.stage} gave no healthy answer: see the log of the keep-alive function`,
          dimensions: { FunctionName: caller.name },
          treatMissingData: "ignore",
        },
        { parent },
      );
    }

    /** The call itself was given up: the function was never asked. The metric exists only when that happens. */
    function createMissedAlarm(group: aws.scheduler.ScheduleGroup): aws.cloudwatch.MetricAlarm {
      return new aws.cloudwatch.MetricAlarm(
        `${name}-missed`,
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

function checkDays(name: string, days: number): void {
  if (Number.isInteger(days) && days >= 1 && days <= 30) return;
  throw new Error(
    `${name}: everyDays is ${days}; accepted are whole days from 1 to 30, half of the 60 after which a link goes inactive`,
  );
}
