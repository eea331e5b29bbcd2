import { asObject, strings } from "../../../lib/json";
import { statementsOf } from "../../../policies/rules/iam";
import { type Condition, type DeployedResource, type Grant, grant, named } from "./grant";

/**
 * Grants on the stack's roles. With a permissions boundary on the role, everything that could extend permissions requires that
 * boundary: no role can do more than the boundary allows, whatever policies it gets. Condition keys: Service Authorization
 * Reference, "AWS Identity and Access Management".
 */
export function roleGrants(resources: DeployedResource[]): Grant[] {
  const roles = resources.filter(({ type }) => type === "aws:iam/role:Role");
  return roles.flatMap((role) => {
    const scope = named(`arn:aws:iam::{account}:role/${rolePattern(role)}`);
    const boundary = strings(role.inputs.permissionsBoundary);
    const bounded: Condition =
      boundary.length > 0 ? { StringEquals: { "iam:PermissionsBoundary": boundary } } : {};
    const attached = attachedPolicies(role, resources);
    return [
      grant("iam", scope, {
        read: `GetRole GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies
          ListRoleTags`,
        write: `DeleteRole DeleteRolePolicy DetachRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole
          UpdateRoleDescription`,
      }),
      grant("iam", scope, {
        write: `CreateRole PutRolePolicy ${boundary.length > 0 ? "PutRolePermissionsBoundary" : ""}`,
        condition: bounded,
      }),
      grant("iam", scope, {
        write: attached.length > 0 ? "AttachRolePolicy" : "",
        condition: { ...bounded, ArnEquals: { "iam:PolicyARN": attached } },
      }),
      grant("iam", scope, {
        write: "PassRole",
        condition: { StringEquals: { "iam:PassedToService": trustedServices(role) } },
      }),
    ];
  });
}

/** Pulumi appends a hyphen and random characters to the name of a role that has none. */
function rolePattern({ name, inputs }: DeployedResource): string {
  if (typeof inputs.name === "string") return inputs.name;
  return typeof inputs.namePrefix === "string" ? `${inputs.namePrefix}*` : `${name}-*`;
}

/** The managed policies that the program attaches to a role. */
function attachedPolicies(role: DeployedResource, resources: DeployedResource[]): string[] {
  const attachments = resources.filter(
    ({ type, inputs }) =>
      type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment" && isRole(role, String(inputs.role)),
  );
  const arns = [role.inputs.managedPolicyArns, ...attachments.map(({ inputs }) => inputs.policyArn)];
  return [...new Set(arns.flatMap(strings))].sort();
}

/** Whether a role's name in AWS is `name`: in a recording, the logical name and random characters. */
function isRole(role: DeployedResource, name: string): boolean {
  const pattern = rolePattern(role);
  if (!pattern.endsWith("*")) return pattern === name;
  return name.startsWith(pattern.slice(0, -1)) && /^\w+$/.test(name.slice(pattern.length - 1));
}

/** The services that a role's trust policy names. */
function trustedServices({ inputs }: DeployedResource): string[] {
  return statementsOf(inputs.assumeRolePolicy).flatMap(({ Principal }) =>
    strings(asObject(Principal).Service),
  );
}
