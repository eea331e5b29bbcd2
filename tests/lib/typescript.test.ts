import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const hook = resolve(__dirname, "../../lib/typescript.js");

describe("TypeScript loaded through esbuild", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "gateway-typescript-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function run(source: string) {
    const file = join(folder, "program.ts");
    writeFileSync(file, source);
    return spawnSync(process.execPath, ["-r", hook, file], { encoding: "utf8" });
  }

  it("runs a file as it is now, not a kept version", () => {
    assert.equal(run("const word: string = 'one'; console.log(word);").stdout, "one\n");
    assert.equal(run("const word: string = 'two'; console.log(word);").stdout, "two\n");
    assert.equal(run("const word: string = 'one'; console.log(word);").stdout, "one\n");
  });

  it("names the line of the TypeScript file where something throws, also from a kept version", () => {
    const source = "interface Unused { a: string }\n\nthrow new Error('third line');";
    for (const { stderr } of [run(source), run(source)]) assert.match(stderr, /program\.ts:3/);
  });

  it("says in one sentence that Node.js is too old", () => {
    const start = (version: string) =>
      spawnSync(
        process.execPath,
        [
          "-e",
          `Object.defineProperty(process.versions, "node", { value: "${version}" }); require(${JSON.stringify(hook)})`,
        ],
        { encoding: "utf8" },
      );
    for (const version of ["18.20.8", "20.18.3"]) {
      const { status, stderr } = start(version);
      assert.deepEqual([status, stderr], [1, `Node.js 20.19 or newer is required; this is ${version}.\n`]);
    }
    for (const version of ["20.19.0", "22.1.0", "100.0.0"]) assert.equal(start(version).status, 0, version);
  });

  it("refuses a file that is not TypeScript, each time", () => {
    for (const { status } of [run("const = 1"), run("const = 1")]) assert.notEqual(status, 0);
  });
});
