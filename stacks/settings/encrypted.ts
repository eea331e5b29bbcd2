import { type Finding, FindingsError } from "../../lib/finding";
import { isObject } from "../../lib/json";
import type { SettingsPath } from "../../lib/settings-issues";
import { keyOf } from "./position";

/**
 * Refuses settings that the stack file encrypts (`secure:`): Pulumi passes them to the program decrypted, and resources
 * would store them in plain text in the state.
 * @param config the settings by their keys, as the stack file has them
 * @param secretKeys the keys that Pulumi marks as secret, where there is no file to look at
 * @throws FindingsError
 */
export function refuseEncrypted(
  config: Record<string, unknown>,
  secretKeys: string[],
  where: (path: SettingsPath) => string,
): void {
  const paths = encryptedPaths(config, []);
  const others = secretKeys.filter((key) => !paths.some(([first]) => first === key)).map((key) => [key]);
  const findings = [...paths, ...others].map(
    (path): Finding => ({
      level: "error",
      rule: "settings",
      where: where(path),
      key: keyOf(path),
      message: `${keyOf(path)} is encrypted (secure:), but no setting is a secret and the state would have it in plain text. Set it unencrypted; where a setting ends in Arn, set the ARN of a Secrets Manager secret.`,
    }),
  );
  if (findings.length > 0) throw new FindingsError(findings);
}

function encryptedPaths(value: unknown, path: SettingsPath): SettingsPath[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => encryptedPaths(item, [...path, index]));
  if (!isObject(value)) return [];
  if (typeof value.secure === "string" && Object.keys(value).length === 1) return [path];
  return Object.entries(value).flatMap(([key, item]) => encryptedPaths(item, [...path, key]));
}
