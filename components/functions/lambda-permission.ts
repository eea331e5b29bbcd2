import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface PermissionArgs {
  function: aws.lambda.Function;
  restApi: aws.apigateway.RestApi;
}

/**
 * Lets one API call a function as its authorizer. The authorizer's id would be tighter still, but it exists only
 * once AWS has imported the definition, which needs the function's ARN.
 */
export function allowAuthorizer(
  name: string,
  args: PermissionArgs,
  opts?: pulumi.CustomResourceOptions,
): aws.lambda.Permission {
  return allow(name, args, "authorizers/*", opts);
}

/**
 * Lets one API call a function behind any of its stages, methods and paths; the console's test button calls
 * with a stage of its own.
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
