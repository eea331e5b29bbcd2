/**
 * Limits that AWS sets on names, for what Pulumi names: it appends a dash and 7 hexadecimal digits to the logical
 * name, so that a replacement never has the name of what it replaces.
 */
const AUTONAME_SUFFIX = 8;

/** Longest name by kind. Sources: Elastic Load Balancing API reference (CreateLoadBalancer, CreateTargetGroup: 32). */
export const NAME_LIMITS = { loadBalancer: 32, targetGroup: 32 } as const;

/** Longest logical name whose automatic physical name fits. */
export function longestLogicalName(kind: keyof typeof NAME_LIMITS): number {
  return NAME_LIMITS[kind] - AUTONAME_SUFFIX;
}

/** The logical name of a component's child, refused when its automatic physical name would not fit.
 * @throws Error naming the limit */
export function limitedName(kind: keyof typeof NAME_LIMITS, name: string): string {
  const limit = longestLogicalName(kind);
  if (name.length > limit) {
    throw new Error(
      `${kind} name ${name} has ${name.length} characters; ${limit} are possible, AWS takes ${NAME_LIMITS[kind]} with what Pulumi appends`,
    );
  }
  return name;
}

/** `-2`, `-3`, … for the second and later of something; nothing for the first. `index` counts from 0. */
export function ordinalSuffix(index: number): string {
  return index === 0 ? "" : `-${index + 1}`;
}
