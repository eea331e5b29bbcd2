/**
 * Whether a stack is production: the one that everybody may call, and that is protected from deletion.
 * @param setting the stack's `gateway:production`; default: true for the stack called prod
 */
export function isProduction(stack: string, setting?: boolean): boolean {
  return setting ?? stack === "prod";
}
