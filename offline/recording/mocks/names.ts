import { createHash } from "node:crypto";

/** `length` hexadecimal digits that depend on nothing but `seed`: two recordings give a resource the same id. */
export function hex(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

/** Ids of the API Gateway kind: lower-case letters and digits. */
export function base36(seed: string, length: number): string {
  return BigInt(`0x${hex(seed, 32)}`)
    .toString(36)
    .padStart(length, "0")
    .slice(0, length);
}

export function uuid(seed: string): string {
  return hex(seed, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The name AWS sees: the given one, or Pulumi's auto-name of the logical name, a dash and seven random digits. */
export function physicalName(given: unknown, logicalName: string, urn: string): string {
  return typeof given === "string" && given !== "" ? given : `${logicalName}-${hex(urn, 7)}`;
}

/** The one network interface an instance starts with. */
export function primaryInterfaceOf(instanceId: string): string {
  return `eni-${hex(`interface of ${instanceId}`, 17)}`;
}

/** A private address that AWS might pick for `what`. */
export function privateAddress(what: string): string {
  const digits = hex(what, 4);
  const host = 4 + (Number.parseInt(digits.slice(2), 16) % 250);
  return `10.1.${Number.parseInt(digits.slice(0, 2), 16)}.${host}`;
}
