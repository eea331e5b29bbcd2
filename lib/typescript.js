/**
 * Lets Node.js load this project's TypeScript through esbuild: `node -r ./lib/typescript.js FILE`. ts-node takes ten times
 * as long for a file and holds the whole compiler in memory. The output is kept under the hash of the file's content, so
 * that the next start only reads it.
 */
const [, major, minor] = /^>=(\d+)\.(\d+)/.exec(require("../package.json").engines.node);
const [installedMajor, installedMinor] = process.versions.node.split(".");
if (
  Number(installedMajor) < Number(major) ||
  (installedMajor === major && Number(installedMinor) < Number(minor))
) {
  console.error(`Node.js ${major}.${minor} or newer is required; this is ${process.versions.node}.`);
  process.exit(1);
}

const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { version } = require("esbuild/package.json");

const kept = join(__dirname, "../dist/typescript");

process.setSourceMapsEnabled(true);

require.extensions[".ts"] = (module, filename) => {
  module._compile(javascriptOf(filename, readFileSync(filename, "utf8")), filename);
};

function javascriptOf(filename, source) {
  const hash = createHash("sha256").update([version, filename, source].join("\0")).digest("hex");
  const file = join(kept, `${hash}.js`);
  try {
    return readFileSync(file, "utf8");
  } catch {
    const { code } = require("esbuild").transformSync(source, {
      loader: "ts",
      format: "cjs",
      target: "node20",
      sourcefile: filename,
      sourcemap: "inline",
    });
    keep(file, code);
    return code;
  }
}

/** Renamed when complete, so that another process never reads half a file. Without write access only time is lost. */
function keep(file, code) {
  try {
    mkdirSync(kept, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, code);
    renameSync(`${file}.${process.pid}`, file);
  } catch {}
}
