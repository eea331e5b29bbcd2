import type { Recording } from "../../offline/recording";
import { recordFixture } from "../support/fixtures";

const recordings = new Map<string, Promise<Recording>>();

/** A copy of the stack's recording, made once for all tests of a run; tests may change it. */
export async function recorded(stack: string): Promise<Recording> {
  let recording = recordings.get(stack);
  if (!recording) {
    recording = recordFixture(stack);
    recordings.set(stack, recording);
  }
  return structuredClone(await recording);
}
