import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partition, trustPolicy } from "../iam";
import { limitedName } from "../names";

/** The role with which API Gateway writes the logs of all APIs in this account and region. */
export class ApiGatewayAccount extends pulumi.ComponentResource {
  readonly account: aws.apigateway.Account;

  constructor(name: string, args: { tags?: Record<string, string> }, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:ApiGatewayAccount", name, {}, opts);
    // Kept when the stack is destroyed: the account's other APIs log with this role, including those outside this program.
    const options = { parent: this, retainOnDelete: true };

    const role = new aws.iam.Role(
      limitedName("role", `${name}-logs-role`),
      {
        assumeRolePolicy: trustPolicy("apigateway.amazonaws.com"),
        description: "Lets API Gateway write logs; one per account and region",
        tags: args.tags,
      },
      options,
    );
    // The AWS managed policy, because API Gateway itself names some log groups.
    const policy = new aws.iam.RolePolicyAttachment(
      `${name}-logs-policy`,
      {
        role: role.name,
        policyArn: pulumi.interpolate`arn:${partition(this)}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
      },
      options,
    );
    this.account = new aws.apigateway.Account(
      `${name}-account`,
      { cloudwatchRoleArn: role.arn },
      { ...options, dependsOn: [policy] },
    );
    this.registerOutputs({ roleArn: role.arn });
  }
}
