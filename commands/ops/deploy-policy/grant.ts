/**
 * What a deploy role must be allowed for one resource type. Sources: the API calls of each Terraform-bridged resource's
 * CRUD functions, and the Service Authorization Reference for what each action can be narrowed to.
 */
export interface Grant extends Scope {
  /** Actions of a preview or a refresh. */
  read: string[];
  /** Actions of an update. */
  write: string[];
}

/** Condition operator → condition key → values. */
export type Condition = Record<string, Record<string, string[]>>;

export type GrantTable = Record<string, Grant[]>;

/** The resources that actions are allowed on. */
export interface Scope {
  /** ARN patterns. `{region}`, `{account}`, `{zone}`, `{name}` (the physical name) and, in conditions, `{stage}` are replaced. */
  on: string[];
  condition?: Condition;
  /** Why AWS needs `*` or an ARN pattern that does not contain the resource's name. */
  because?: string;
}

export const named = (...on: string[]): Scope => ({ on });
export const unnamed = (because: string, ...on: string[]): Scope => ({ on, because });

/**
 * Resources whose ids AWS chooses. Those that carry another stack's `stage` tag are excluded; untagged ones are not, because
 * a new resource has no tags when AWS checks the permission to create it.
 */
export const ofStage = (because: string, ...on: string[]): Scope => ({
  ...unnamed(because, ...on),
  condition: { StringEqualsIfExists: { "aws:ResourceTag/stage": ["{stage}"] } },
});

/** Describe actions of EC2, ELB and others support no resource (Service Authorization Reference, "Resource types: -"). */
export const everything = unnamed("AWS offers no resource to narrow this action to", "*");

/** A grant of one service's actions, given as names without the service's prefix: `{ read: "GetAlias ListTags" }`. */
export function grant(
  service: string,
  scope: Scope,
  { read = "", write = "", condition }: { read?: string; write?: string; condition?: Condition },
): Grant {
  const actions = (names: string) => names.split(/\s+/).flatMap((name) => (name ? `${service}:${name}` : []));
  return { ...scope, read: actions(read), write: actions(write), ...(condition && { condition }) };
}

/** A resource that the program declares. */
export interface DeployedResource {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}
