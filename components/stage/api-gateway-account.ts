import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The role with which API Gateway writes the logs of every API of the account in this region. */
export class ApiGatewayAccount extends pulumi.ComponentResource {
  readonly account: aws.apigateway.Account;

  constructor(name: string, args: { tags?: Record<string, string> }, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:ApiGatewayAccount", name, {}, opts);
    // Kept when the stack goes: the account's other APIs log with it, also those of no stack.
    const options = { parent: this, retainOnDelete: true };

    const role = new aws.iam.Role(
      `${name}-logs-role`,
      {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "apigateway.amazonaws.com" } },
          ],
        }),
        description: "Lets API Gateway write logs; one per account and region",
        tags: args.tags,
      },
      options,
    );
    // AWS's own policy: it covers log groups that API Gateway names itself, in every region.
    const policy = new aws.iam.RolePolicyAttachment(
      `${name}-logs-policy`,
      {
        role: role.name,
        policyArn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
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
