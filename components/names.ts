/**
 * Pulumi appends a hyphen and 7 hexadecimal digits to a logical name, so that a replacement never has the name of the
 * resource it replaces.
 */
const AUTONAME_SUFFIX = 8;

/** Maximum length of a name. Sources: Elastic Load Balancing API reference (CreateLoadBalancer, CreateTargetGroup: 32). */
export const NAME_LIMITS = { loadBalancer: 32, targetGroup: 32 } as const;

/** Maximum length of a logical name whose generated physical name fits. */
export function longestLogicalName(kind: keyof typeof NAME_LIMITS): number {
  return NAME_LIMITS[kind] - AUTONAME_SUFFIX;
}

/** Returns the logical name. @throws Error when the physical name that Pulumi generates from it would be too long */
export function limitedName(kind: keyof typeof NAME_LIMITS, name: string): string {
  const limit = longestLogicalName(kind);
  if (name.length > limit) {
    throw new Error(
      `${kind} name ${name} has ${name.length} characters; at most ${limit} are allowed (AWS allows ${NAME_LIMITS[kind]}, Pulumi appends ${AUTONAME_SUFFIX})`,
    );
  }
  return name;
}

/** Empty for index 0, then `-2`, `-3`, … */
export function ordinalSuffix(index: number): string {
  return index === 0 ? "" : `-${index + 1}`;
}
