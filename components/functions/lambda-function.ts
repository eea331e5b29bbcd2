import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionBundle } from "../../functions/build";
import { lambda } from "../../lib/quotas";
import { trustPolicy } from "../iam";
import { limitedName } from "../names";

/** One Allow statement of a function's policy. */
export interface PolicyStatement {
  Action: string[];
  Resource: pulumi.Input<string> | pulumi.Input<string>[];
}

export interface LambdaFunctionArgs {
  /** The code: a zip file and its handler. */
  bundle: FunctionBundle;
  /** Shown in the console. */
  description: string;
  /** Environment variables; anybody who can read the function can read them, so they must not contain secrets. */
  environment?: Record<string, pulumi.Input<string>>;
  /** Layer version ARNs. Default: none. */
  layers?: pulumi.Input<string>[];
  /** Memory in MB; CPU is proportional, one core at 1769. Default: 256. */
  memoryMb?: number;
  /** Timeout of an invocation, in seconds. Default: 5. */
  timeoutSeconds?: number;
  /**
   * Reserved concurrency, deducted from the account's limit. Default: none. A new account may have a limit of 10, all
   * of which AWS keeps unreserved; of the usual 1000 it keeps 100 unreserved.
   * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  reservedConcurrency?: number;
  /** Retention of the logs, in days. */
  logRetentionDays: number;
  /** Permissions besides writing its log and traces. Default: none. */
  statements?: PolicyStatement[];
  /** Runs the function in a VPC. Default: in none, with internet access. */
  network?: LambdaNetwork;
  tags?: Record<string, string>;
}

export interface LambdaNetwork {
  subnetIds: pulumi.Input<string>[];
  securityGroupIds: pulumi.Input<string>[];
}

/** A function with its own role and log group. */
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

    /** Created before the function; otherwise Lambda creates one without retention at the first invocation. */
    function createLogGroup(): aws.cloudwatch.LogGroup {
      return new aws.cloudwatch.LogGroup(
        `${name}-logs`,
        { name: `/aws/lambda/gateway-${name}`, retentionInDays: args.logRetentionDays, tags: args.tags },
        { parent },
      );
    }

    function createRole(): aws.iam.Role {
      return new aws.iam.Role(
        limitedName("role", `${name}-role`),
        {
          assumeRolePolicy: trustPolicy("lambda.amazonaws.com"),
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
          // Neither supports resource-level permissions: `*` is required.
          // Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
          Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
          Resource: "*",
        },
        ...(args.network === undefined ? [] : [manageInterfaces]),
        ...(args.statements ?? []),
      ];
      return new aws.iam.RolePolicy(
        limitedName("rolePolicy", `${name}-policy`),
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
        limitedName("function", `${name}-function`),
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
          // AWS drops an empty environment, so declaring one would cause a diff in every update.
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
 * Lambda creates network interfaces for a function in a VPC. These actions cannot be limited to resources that are
 * known here; the AWS managed policy uses `*` too.
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
 * Lambda allows 4 KB of environment variables in total, and only checks when the function is created.
 * Values that are not known yet count as 200 characters, the length of a long ARN.
 */
function checkEnvironment(name: string, variables: Record<string, pulumi.Input<string>>): void {
  const sizes = Object.entries(variables).map(([key, value]) => ({
    key,
    bytes: key.length + (typeof value === "string" ? Buffer.byteLength(value) : 200),
  }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= lambda.environmentBytes) return;
  const largest = sizes.reduce((a, b) => (a.bytes >= b.bytes ? a : b));
  throw new Error(
    `${name}: its environment variables have ${total} bytes; Lambda allows ${lambda.environmentBytes}. ` +
      `Shorten the largest, ${largest.key} (${largest.bytes} bytes).`,
  );
}
