import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionBundle } from "../../functions/build";

/** One statement of a function's own policy; always an Allow. */
export interface PolicyStatement {
  Action: string[];
  Resource: pulumi.Input<string> | pulumi.Input<string>[];
}

export interface LambdaFunctionArgs {
  /** The code: a zip and its handler. */
  bundle: FunctionBundle;
  /** What the console shows. */
  description: string;
  /** Environment variables. Lambda keeps them readable to whoever may read the function: no secret here. */
  environment?: Record<string, pulumi.Input<string>>;
  /** Layer version ARNs. Default: none. */
  layers?: pulumi.Input<string>[];
  /** Memory in MB; CPU comes in proportion, a whole core at 1769. Default: 256. */
  memoryMb?: number;
  /** Seconds until Lambda ends an invocation. Default: 5. */
  timeoutSeconds?: number;
  /**
   * Invocations that may run at once, taken out of the account's own limit. Default: not reserved. A new account
   * may have a limit of 10, all of which AWS keeps unreserved; of the usual 1000 it keeps 100.
   * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  reservedConcurrency?: number;
  /** Days the logs are kept. */
  logRetentionDays: number;
  /** What the function may do beyond writing its own log and traces. Default: nothing. */
  statements?: PolicyStatement[];
  /** Runs the function in a VPC. Default: outside any, with a way to the internet. */
  network?: LambdaNetwork;
  tags?: Record<string, string>;
}

export interface LambdaNetwork {
  subnetIds: pulumi.Input<string>[];
  securityGroupIds: pulumi.Input<string>[];
}

/** A function with a role and a log group of its own. */
export class LambdaFunction extends pulumi.ComponentResource {
  readonly function: aws.lambda.Function;
  readonly role: aws.iam.Role;
  readonly logGroup: aws.cloudwatch.LogGroup;

  constructor(name: string, args: LambdaFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:LambdaFunction", name, {}, opts);
    const parent = this;
    const environment = normalizeEnvironment();

    this.logGroup = createLogGroup();
    this.role = createRole();
    const policy = createPolicy(this.role, this.logGroup);
    this.function = createFunction(this.role, this.logGroup, policy);
    this.registerOutputs({ functionArn: this.function.arn, logGroupName: this.logGroup.name });

    function normalizeEnvironment(): Record<string, pulumi.Input<string>> {
      const variables = args.environment ?? {};
      checkEnvironment(name, variables);
      return variables;
    }

    /** Exists before the function, or Lambda would make one without retention at the first invocation. */
    function createLogGroup(): aws.cloudwatch.LogGroup {
      return new aws.cloudwatch.LogGroup(
        `${name}-logs`,
        { name: `/aws/lambda/gateway-${name}`, retentionInDays: args.logRetentionDays, tags: args.tags },
        { parent },
      );
    }

    function createRole(): aws.iam.Role {
      return new aws.iam.Role(
        `${name}-role`,
        {
          assumeRolePolicy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
            ],
          }),
          tags: args.tags,
        },
        { parent },
      );
    }

    function createPolicy(role: aws.iam.Role, logGroup: aws.cloudwatch.LogGroup): aws.iam.RolePolicy {
      const statements: PolicyStatement[] = [
        {
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: pulumi.interpolate`${logGroup.arn}:*`,
        },
        {
          // Both take no resource: `*` is the only one AWS accepts.
          // Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
          Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
          Resource: "*",
        },
        ...(args.network === undefined ? [] : [manageInterfaces]),
        ...(args.statements ?? []),
      ];
      return new aws.iam.RolePolicy(
        `${name}-policy`,
        {
          role: role.id,
          policy: pulumi.jsonStringify({
            Version: "2012-10-17",
            Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
          }),
        },
        { parent },
      );
    }

    function createFunction(
      role: aws.iam.Role,
      logGroup: aws.cloudwatch.LogGroup,
      policy: aws.iam.RolePolicy,
    ): aws.lambda.Function {
      return new aws.lambda.Function(
        `${name}-function`,
        {
          description: args.description,
          role: role.arn,
          runtime: "nodejs22.x",
          architectures: ["arm64"],
          handler: args.bundle.handler,
          code: new pulumi.asset.FileArchive(args.bundle.archive),
          layers: args.layers,
          memorySize: args.memoryMb ?? 256,
          timeout: args.timeoutSeconds ?? 5,
          ...(args.reservedConcurrency === undefined
            ? {}
            : { reservedConcurrentExecutions: args.reservedConcurrency }),
          // AWS keeps no empty environment, so one declared would differ for ever.
          ...(Object.keys(environment).length === 0 ? {} : { environment: { variables: environment } }),
          ...(args.network === undefined ? {} : { vpcConfig: args.network }),
          tracingConfig: { mode: "Active" },
          loggingConfig: {
            logFormat: "JSON",
            applicationLogLevel: "INFO",
            systemLogLevel: "WARN",
            logGroup: logGroup.name,
          },
          tags: args.tags,
        },
        { parent, dependsOn: [policy] },
      );
    }
  }
}

/**
 * A function in a VPC gets network interfaces of its own. Neither describing them nor making them in subnets
 * yet unknown can be narrowed to a resource: AWS's own policy for it has `*` too.
 * Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html
 */
const manageInterfaces: PolicyStatement = {
  Action: [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ],
  Resource: "*",
};

/**
 * Lambda refuses environment variables of more than 4 KB together, only when the function is created.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * Values known only after the deployment count as the 200 characters an ARN may have.
 */
function checkEnvironment(name: string, variables: Record<string, pulumi.Input<string>>): void {
  const sizes = Object.entries(variables).map(([key, value]) => ({
    key,
    bytes: key.length + (typeof value === "string" ? Buffer.byteLength(value) : 200),
  }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= 4096) return;
  const largest = sizes.reduce((a, b) => (a.bytes >= b.bytes ? a : b));
  throw new Error(
    `${name}: its environment variables take ${total} bytes, Lambda accepts 4096. ` +
      `The largest is ${largest.key} with ${largest.bytes} bytes: shorten it.`,
  );
}
