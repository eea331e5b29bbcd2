import assert from "node:assert/strict";
import { stringify } from "yaml";
import { type Finding, FindingsError } from "../../lib/finding";
import { parseSettings } from "../../stacks/settings";
import { stackConfig } from "../support/fixtures";

export type Config = Record<string, unknown>;

/** What is wrong with the dev stack's file after `change`. */
export function problems(change: (config: Config, services: Config[]) => void, stack = "dev"): Finding[] {
  const config = stackConfig("dev");
  change(config, config["gateway:services"] as Config[]);
  const text = stringify({ config });
  try {
    parseSettings(config, { stack, file: `Pulumi.${stack}.yaml`, text });
    return [];
  } catch (error) {
    assert.ok(error instanceof FindingsError, String(error));
    return error.findings;
  }
}

/** Asserts that a change gives one finding, at this key and with these words. */
export function refuses(
  change: (config: Config, services: Config[]) => void,
  key: string,
  words: RegExp,
): void {
  const found = problems(change);
  assert.deepEqual(
    found.map((problem) => problem.key),
    [key],
  );
  const [finding] = found;
  assert.match(finding?.message ?? "", words);
  assert.match(finding?.where ?? "", /^Pulumi\.dev\.yaml:\d+:\d+$/);
}

export const inService =
  (change: Config) =>
  (_: Config, [service]: Config[]) => {
    Object.assign(service as Config, change);
  };
