/**
 * Pulumi marks special values on the wire with a signature key. The values are part of the engine's protocol
 * (`sdk/go/common/resource/sig`), so they never change.
 */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

export type PlainObject = Record<string, unknown>;

/** Converts wire values: secrets to their plain text, files and archives to `{ path }`, references to an id or URN. */
export function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== "object" || value === null) return value;
  const object = value as PlainObject;
  switch (object[signatureKey]) {
    case secretSignature:
      return toPlain(object.value);
    case assetSignature:
    case archiveSignature: {
      const content = Object.entries(object).filter(
        ([key]) => key !== signatureKey && !key.startsWith("__pulumi"),
      );
      return toPlain(Object.fromEntries(content));
    }
    case resourceSignature:
      return object.id || object.urn;
    default:
      return Object.fromEntries(Object.entries(object).map(([key, child]) => [key, toPlain(child)]));
  }
}

/** Whether the wire value contains a secret at any depth. */
export function containsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if ((value as PlainObject)[signatureKey] === secretSignature) return true;
  return Object.values(value).some(containsSecret);
}
