import { type Recording, record } from "../../offline/recording";

const recordings = new Map<string, Promise<Recording>>();

/** A copy of the stack's recording, made once for all tests of a run; tests may change it. */
export async function recorded(stack: string): Promise<Recording> {
  let recording = recordings.get(stack);
  if (!recording) {
    recording = record(stack);
    recordings.set(stack, recording);
  }
  return structuredClone(await recording);
}
