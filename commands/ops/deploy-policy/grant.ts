/**
 * What a deploying role must be allowed for one resource type. Sources: the permissions each Terraform-bridged resource calls
 * (its CRUD functions) and the Service Authorization Reference, which says what each action can be narrowed to.
 */
export interface Grant {
  /** Actions of a preview or a refresh. */
  read?: string[];
  /** Actions of an update. */
  write?: string[];
  /** ARN patterns; `{region}`, `{account}` and `{name}` (the resource's physical name) are filled in. */
  on: string | string[];
  /** Why AWS needs `*` or an ARN pattern that names no resource of this stack. */
  because?: string;
  /** For iam:PassRole: the services the role may be handed to. */
  passedTo?: string[];
}

export type GrantTable = Record<string, Grant[]>;

/** EC2's, ELB's and others' Describe actions take no resource (Service Authorization Reference, "Resource types: -"). */
export const NO_RESOURCE = "AWS offers no resource to narrow this action to";
