import * as fs from "node:fs";
import * as path from "node:path";
import { buildSync } from "esbuild";
import { zip } from "./zip";

/**
 * The packages of the shared layer and the entry points that the functions use. Each entry point becomes one CommonJS
 * file: Lambda finds a layer's packages by `NODE_PATH`, which only `require` reads, and one file loads several times
 * faster than its hundred sources. `@aws-sdk/*` v3 is part of the nodejs22.x runtime and is left out.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html (runtime-included SDK) and
 * https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html (nodejs/node_modules).
 */
export const layerPackages: Record<string, Record<string, string>> = {
  "@aws-lambda-powertools/logger": { ".": "index" },
  "@aws-lambda-powertools/metrics": { ".": "index" },
  "@aws-lambda-powertools/tracer": { ".": "index" },
  "@aws-lambda-powertools/parameters": { "./secrets": "secrets", "./ssm": "ssm" },
  jose: { ".": "index" },
};

/** Packages that the functions' bundles do not contain: the layer and the runtime have them. */
export const external = ["@aws-sdk/*", ...Object.keys(layerPackages).flatMap((name) => [name, `${name}/*`])];

/**
 * The layer's zip: `nodejs/node_modules/<package>` with the versions of the lock file.
 * @throws when an installed package is missing or not the lock file's version.
 */
export function buildLayer(root: string): Uint8Array {
  const versions = lockedVersions(root);
  const entryPoints = Object.entries(layerPackages).flatMap(([name, entries]) =>
    Object.entries(entries).map(([subpath, file]) => ({
      in: subpath === "." ? name : `${name}${subpath.slice(1)}`,
      out: `${name}/${file}`,
    })),
  );
  const result = buildSync({
    entryPoints,
    absWorkingDir: root,
    outdir: "/",
    bundle: true,
    minify: true,
    keepNames: true, // logs and callers identify error classes by name
    platform: "node",
    target: "node20", // the oldest Node that runs them, locally
    format: "cjs",
    external: ["@aws-sdk/*"],
    legalComments: "none",
    write: false,
    logLevel: "silent",
  });
  const prefix = "nodejs/node_modules";
  const files: Record<string, Uint8Array | string> = {};
  for (const output of result.outputFiles) {
    files[`${prefix}${output.path.replaceAll("\\", "/")}`] = output.contents;
  }
  for (const [name, entries] of Object.entries(layerPackages)) {
    files[`${prefix}/${name}/package.json`] = JSON.stringify({
      name,
      version: versions[name],
      type: "commonjs",
      exports: Object.fromEntries(Object.entries(entries).map(([sub, file]) => [sub, `./${file}.js`])),
    });
  }
  return zip(files);
}

function lockedVersions(root: string): Record<string, string> {
  const lock = readJson(path.join(root, "package-lock.json")) as {
    packages?: Record<string, { version?: string }>;
  };
  const found = Object.keys(layerPackages).map((name) => {
    const locked = lock.packages?.[`node_modules/${name}`]?.version;
    const manifest = path.join(root, "node_modules", name, "package.json");
    const installed = fs.existsSync(manifest)
      ? (readJson(manifest) as { version: string }).version
      : undefined;
    return { name, locked, installed };
  });
  const wrong = found.filter(({ locked, installed }) => locked === undefined || locked !== installed);
  if (wrong.length > 0) {
    const lines = wrong.map(
      ({ name, locked, installed }) =>
        `  ${name}: package-lock.json has ${locked ?? "no version"}, node_modules has ${installed ?? "none"}`,
    );
    throw new Error(
      `The functions' layer needs the versions of package-lock.json:\n${lines.join("\n")}\nRun npm install.`,
    );
  }
  return Object.fromEntries(found.map(({ name, locked }) => [name, locked as string]));
}

function readJson(file: string): unknown {
  return JSON.parse(fs.readFileSync(file, "utf8"));
}
