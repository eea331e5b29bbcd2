import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface PermissionArgs {
  function: aws.lambda.Function;
  restApi: aws.apigateway.RestApi;
}

/**
 * Allows one API to invoke a function as its authorizer. Not limited to the authorizer's ID, which only exists after
 * AWS has imported the definition, which needs the function's ARN.
 */
export function allowAuthorizer(
  name: string,
  args: PermissionArgs,
  opts?: pulumi.CustomResourceOptions,
): aws.lambda.Permission {
  return allow(name, args, "authorizers/*", opts);
}

/**
 * Allows one API to invoke a function from any stage, method and path; the console's test feature uses a
 * stage name of its own.
 */
export function allowRoutes(
  name: string,
  args: PermissionArgs,
  opts?: pulumi.CustomResourceOptions,
): aws.lambda.Permission {
  return allow(name, args, "*/*", opts);
}

function allow(
  name: string,
  args: PermissionArgs,
  source: string,
  opts?: pulumi.CustomResourceOptions,
): aws.lambda.Permission {
  return new aws.lambda.Permission(
    name,
    {
      action: "lambda:InvokeFunction",
      function: args.function.name,
      principal: "apigateway.amazonaws.com",
      sourceArn: pulumi.interpolate`${args.restApi.executionArn}/${source}`,
    },
    opts,
  );
}
