import * as pulumi from "@pulumi/pulumi";

/**
 * Gives every IAM role of the stack a permissions boundary, the roles of future components included: the deploy role can then be
 * limited to roles that have it.
 */
export function setPermissionsBoundary(policyArn: string): void {
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    type === "aws:iam/role:Role" ? { props: { ...props, permissionsBoundary: policyArn }, opts } : undefined,
  );
}
