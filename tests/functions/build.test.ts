import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { unzipSync } from "fflate";
import { buildFunctions } from "../../functions/build";
import { buildLayer, layerPackages } from "../../functions/layer";
import { zip } from "../../functions/zip";
import { projectRoot } from "../../lib/project-root";

const namesIn = (archive: string) => Object.keys(unzipSync(fs.readFileSync(archive)));
const codeOf = (archive: string) =>
  Buffer.from(unzipSync(fs.readFileSync(archive))["index.js"] ?? []).toString();

describe("building the functions", () => {
  let outDir: string;
  beforeEach(() => {
    outDir = fs.mkdtempSync(path.join(os.tmpdir(), "functions-"));
  });
  afterEach(() => fs.rmSync(outDir, { recursive: true }));

  it("gives the same bytes from the same sources, in any folder, time zone and locale", () => {
    const here = buildFunctions({ outDir });
    const elsewhere = path.join(outDir, "elsewhere");
    const script = `console.log(JSON.stringify(require("./functions/build").buildFunctions({ outDir: process.argv[1] })))`;
    const output = execFileSync(process.execPath, ["-r", "./lib/typescript.js", "-e", script, elsewhere], {
      cwd: projectRoot,
      env: { ...process.env, TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8" },
    });
    const there = JSON.parse(output.toString()) as typeof here;
    for (const [name, { sha256 }] of Object.entries(here)) {
      assert.equal(there[name as keyof typeof here].sha256, sha256, name);
      assert.match(sha256, /^[0-9a-f]{64}$/);
    }
  });

  it("reuses an earlier build and repairs a damaged one", () => {
    const { authorizer, layer } = buildFunctions({ outDir });
    fs.utimesSync(authorizer.archive, 1, 1);
    assert.deepEqual(buildFunctions({ outDir }).authorizer, authorizer);
    assert.equal(fs.statSync(authorizer.archive).mtimeMs, 1000, "untouched");
    fs.appendFileSync(layer.archive, "x");
    assert.equal(buildFunctions({ outDir }).layer.sha256, layer.sha256);
    assert.notEqual(fs.statSync(authorizer.archive).mtimeMs, 1000);
  });

  it("puts one file into each function, with the layer's packages and the SDK left out", () => {
    const { authorizer, keepAlive, notFound, redirect } = buildFunctions({ outDir });
    for (const { archive, handler } of [authorizer, keepAlive, notFound, redirect]) {
      assert.deepEqual(namesIn(archive), ["index.js"]);
      assert.equal(handler, "index.handler");
    }
    const code = codeOf(authorizer.archive);
    for (const name of [
      "@aws-lambda-powertools/logger",
      "@aws-lambda-powertools/parameters/secrets",
      "jose",
    ]) {
      assert.ok(code.includes(`require("${name}")`), `${name} is required`);
    }
    assert.doesNotMatch(code, /\bimport\(/, "a native import() would not find the layer");
    for (const { archive } of [notFound, redirect])
      assert.doesNotMatch(codeOf(archive), /powertools|require\("@/);
  });

  it("stays below 60 KB per function and 1 MB for the layer", () => {
    const { layer, ...functions } = buildFunctions({ outDir });
    for (const { archive } of Object.values(functions))
      assert.ok(fs.statSync(archive).size <= 60_000, archive);
    assert.ok(fs.statSync(layer.archive).size <= 1_000_000);
  });

  it("puts the lock file's packages into the layer, and neither SDK nor anything else", () => {
    const { layer } = buildFunctions({ outDir });
    const names = namesIn(layer.archive);
    const lock = JSON.parse(fs.readFileSync(path.join(projectRoot, "package-lock.json"), "utf8"));
    const files = unzipSync(fs.readFileSync(layer.archive));
    for (const name of Object.keys(layerPackages)) {
      const manifest = JSON.parse(
        Buffer.from(files[`nodejs/node_modules/${name}/package.json`] ?? []).toString(),
      );
      assert.equal(manifest.version, lock.packages[`node_modules/${name}`].version);
    }
    assert.ok(
      names.every((name) =>
        Object.keys(layerPackages).some((it) => name.startsWith(`nodejs/node_modules/${it}/`)),
      ),
    );
    assert.ok(!names.some((name) => name.includes("aws-sdk/")));
  });

  it("refuses a layer of packages that are not the lock file's", () => {
    fs.writeFileSync(
      path.join(outDir, "package-lock.json"),
      JSON.stringify({ packages: { "node_modules/jose": { version: "0.0.1" } } }),
    );
    assert.throws(
      () => buildLayer(outDir),
      (error: Error) => {
        assert.match(error.message, /jose: package-lock.json has 0\.0\.1, node_modules has none/);
        assert.match(error.message, /powertools\/logger: package-lock.json has no version/);
        assert.match(error.message, /Run npm install/);
        return true;
      },
    );
  });

  it("refuses a folder that it cannot write to, and says what to do", () => {
    const file = path.join(outDir, "file");
    fs.writeFileSync(file, "");
    assert.throws(
      () => buildFunctions({ outDir: path.join(file, "functions") }),
      /ENOTDIR.*: the functions' zips need a checkout that you can write to\.$/,
    );
  });

  it("zips with every detail fixed: order, time, mode", () => {
    const one = zip({ "b.js": "b", "a.js": "a" });
    assert.deepEqual(zip({ "a.js": "a", "b.js": "b" }), one);
    assert.deepEqual(Object.keys(unzipSync(one)), ["a.js", "b.js"]);
    const central = Buffer.from(one).indexOf("PK\x01\x02", 0, "latin1");
    assert.equal(Buffer.from(one).readUInt32LE(central + 38) >>> 16, 0o100644, "readable by Lambda's user");
  });
});
