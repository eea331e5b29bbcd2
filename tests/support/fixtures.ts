import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../lib/project-root";
import { type Recording, type RecordOptions, record } from "../../offline/recording";
import { cachedRecording } from "./recording-cache";

/** A Pulumi project of four stages whose program is this repository's; its stack files and specs belong to the tests alone. */
export const fixtures = join(projectRoot, "tests/fixtures");

export const stacks = ["dev", "test", "stage", "prod"];

export type Config = Record<string, unknown>;

/** The config of a stack file of the fixtures, for a test to change. */
export function stackConfig(stack: string): Config {
  return (parse(readFileSync(join(fixtures, `Pulumi.${stack}.yaml`), "utf8")) as { config: Config }).config;
}

/** Runs the program for a stack of the fixtures; without changed settings once, until a source changes. */
export function recordFixture(stack: string, options: Omit<RecordOptions, "root"> = {}): Promise<Recording> {
  const run = () => record(stack, { ...options, root: fixtures });
  if (options.settingsOverride !== undefined) return run();
  return cachedRecording(`${stack}${options.preview ? " preview" : ""}`, run);
}

const recordings = new Map<string, Promise<Recording>>();

/** A copy of the recording of a stack of the fixtures, made once per process; tests may change it. */
export async function recorded(stack: string): Promise<Recording> {
  const recording = recordings.get(stack) ?? recordFixture(stack);
  recordings.set(stack, recording);
  return structuredClone(await recording);
}
