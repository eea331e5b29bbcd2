import assert from "node:assert/strict";
import { record } from "../../../offline/recording";
import { temporaryProgram } from "../../support/temporary-program";

/** A program that tells which of the modules are loaded once it has run `code`. */
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

  it("loads neither compiler nor installer for a program that serializes no closure", async () => {
    assert.equal(await loadedAfter("loaded()"), 0);
  });

  it("loads them for one that does, and gives Pulumi what it asks of them", async () => {
    const result = await loadedAfter(
      "pulumi.output(pulumi.runtime.serializeFunction(() => 'of a closure')).apply(({ text }) => [loaded() > 0, /of a closure/.test(text)])",
    );
    assert.deepEqual(result, [true, true]);
  });
});
