import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partition, trustPolicy } from "../../iam";
import { limitedName } from "../../names";

export interface PscProxyRoleArgs {
  /** Log group of the proxies. */
  logGroup: aws.cloudwatch.LogGroup;
  tags?: Record<string, string>;
}

/** The instance profile of the proxies: Session Manager, and writing to their log group. */
export class PscProxyRole extends pulumi.ComponentResource {
  readonly profile: aws.iam.InstanceProfile;

  constructor(name: string, args: PscProxyRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:PscProxyRole", name, {}, opts);
    const parent = this;
    const { logGroup, tags } = args;

    const role = createRole();
    createPolicy();
    this.profile = new aws.iam.InstanceProfile(
      limitedName("instanceProfile", `${name}-profile`),
      { role: role.name, tags },
      { parent },
    );
    this.registerOutputs({ roleArn: role.arn, profileArn: this.profile.arn });

    function createRole(): aws.iam.Role {
      return new aws.iam.Role(
        limitedName("role", `${name}-role`),
        {
          assumeRolePolicy: trustPolicy("ec2.amazonaws.com"),
          tags,
        },
        { parent },
      );
    }

    /**
     * Instead of AmazonSSMManagedInstanceCore, which can also read all parameters in the account.
     * Source: Systems Manager user guide, "Add Session Manager permissions to an existing IAM role".
     */
    function createPolicy(): void {
      new aws.iam.RolePolicy(
        limitedName("rolePolicy", `${name}-policy`),
        {
          role: role.id,
          policy: pulumi.jsonStringify({
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Action: ["ssm:UpdateInstanceInformation"],
                Resource: pulumi.interpolate`arn:${partition(parent)}:ec2:*:*:instance/*`,
              },
              {
                Effect: "Allow",
                Action: [
                  "ssmmessages:CreateControlChannel",
                  "ssmmessages:CreateDataChannel",
                  "ssmmessages:OpenControlChannel",
                  "ssmmessages:OpenDataChannel",
                ],
                // No resource-level permissions: Service Authorization Reference, ssmmessages.
                Resource: "*",
              },
              {
                Effect: "Allow",
                Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                Resource: [logGroup.arn, pulumi.interpolate`${logGroup.arn}:log-stream:*`],
              },
            ],
          }),
        },
        { parent },
      );
    }
  }
}
