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

  it("runs the file as it is now, not as it was kept", () => {
    assert.equal(run("const word: string = 'one'; console.log(word);").stdout, "one\n");
    assert.equal(run("const word: string = 'two'; console.log(word);").stdout, "two\n");
    assert.equal(run("const word: string = 'one'; console.log(word);").stdout, "one\n");
  });

  it("names the line of the TypeScript file where something throws, also from what was kept", () => {
    const source = "interface Unused { a: string }\n\nthrow new Error('third line');";
    for (const { stderr } of [run(source), run(source)]) assert.match(stderr, /program\.ts:3/);
  });

  it("refuses a file that is no TypeScript, each time", () => {
    for (const { status } of [run("const = 1"), run("const = 1")]) assert.notEqual(status, 0);
  });
});
