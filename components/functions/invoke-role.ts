import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { trustPolicy } from "../iam";
import { limitedName } from "../names";

export interface InvokeRoleArgs {
  /** The functions that API Gateway may invoke, by a name for each. */
  functions: Record<string, aws.lambda.Function>;
  tags?: Record<string, string>;
}

/**
 * The role with which API Gateway invokes a stage's functions, as authorizers and behind routes. The alternative, a
 * resource policy on each function, holds 20 KB, which some 50 APIs fill, and has to name every API that a kept
 * deployment belongs to. Both services accept either.
 * Sources: https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html (credentials),
 * https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html (authorizerCredentials)
 */
export class InvokeRole extends pulumi.ComponentResource {
  /** Known when its policies are in place, so that whatever references it can use it. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: InvokeRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:InvokeRole", name, {}, opts);
    const parent = this;
    const { functions, tags } = args;

    const role = createRole();
    const policies = Object.entries(functions).map(([key, { arn }]) => createPolicy(key, arn));
    this.arn = pulumi.all([role.arn, ...policies.map(({ id }) => id)]).apply(([arn]) => arn as string);
    this.registerOutputs({ arn: this.arn });

    function createRole(): aws.iam.Role {
      return new aws.iam.Role(
        limitedName("role", `${name}-role`),
        {
          assumeRolePolicy: trustPolicy("apigateway.amazonaws.com"),
          description: "Lets API Gateway invoke the functions of the stage",
          tags,
        },
        { parent },
      );
    }

    /** One per function: a function that leaves the stage loses its policy last, when no API stage serves it any more. */
    function createPolicy(key: string, functionArn: pulumi.Output<string>): aws.iam.RolePolicy {
      return new aws.iam.RolePolicy(
        limitedName("rolePolicy", `${name}-${key}-policy`),
        {
          role: role.id,
          policy: pulumi.jsonStringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: functionArn }],
          }),
        },
        { parent },
      );
    }
  }
}
