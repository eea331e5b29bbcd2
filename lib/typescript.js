/**
 * Lets Node.js load this project's TypeScript through esbuild. ts-node transpiles a file in ten times the time and
 * holds the whole compiler in memory, which shows where a hundred files are loaded to answer a first request.
 * What a file became is kept under its content's hash, so that the next start only reads it.
 */
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

/** Written beside and renamed: another process never reads half a file. A folder that cannot be written costs time only. */
function keep(file, code) {
  try {
    mkdirSync(kept, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, code);
    renameSync(`${file}.${process.pid}`, file);
  } catch {}
}
