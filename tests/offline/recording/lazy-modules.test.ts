import assert from "node:assert/strict";
import { record } from "../../../offline/recording";
import { temporaryProgram } from "../../support/temporary-program";

/** The number of these modules that a program has loaded after running `code`. */
async function loadedAfter(code: string): Promise<unknown> {
  const { root, remove } = temporaryProgram({
    "index.ts": `import * as pulumi from "@pulumi/pulumi";
const loaded = () => Object.keys(require.cache).filter((file) => /\\/(typescript\\/lib\\/typescript|arborist\\/lib\\/index)\\.js$/.test(file)).length;
export const result = ${code};`,
  });
  try {
    return (await record("dev", { root })).outputs.result;
  } finally {
    remove();
  }
}

describe("A recording's process", function () {
  this.timeout(60_000);

  it("does not load compiler and installer for a program without serialized closures", async () => {
    assert.equal(await loadedAfter("loaded()"), 0);
  });

  it("loads them for a program with one, and they work", async () => {
    const result = await loadedAfter(
      "pulumi.output(pulumi.runtime.serializeFunction(() => 'of a closure')).apply(({ text }) => [loaded() > 0, /of a closure/.test(text)])",
    );
    assert.deepEqual(result, [true, true]);
  });
});
