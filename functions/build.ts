import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { buildSync } from "esbuild";
import { UserError } from "../lib/error";
import { projectRoot } from "../lib/project-root";
import { buildLayer, external } from "./layer";
import { zip } from "./zip";

/** The uploaded code of one function. */
export interface FunctionBundle {
  /** The function's folder in `functions/` */
  name: string;
  /** Absolute path of the zip */
  archive: string;
  /** SHA-256 of the zip, in hex */
  sha256: string;
  /** Lambda handler, `file.export` */
  handler: string;
}

export type LayerBundle = Omit<FunctionBundle, "handler">;

/** Everything that `functions/` deploys. */
export interface FunctionBundles {
  authorizer: FunctionBundle;
  notFound: FunctionBundle;
  redirect: FunctionBundle;
  keepAlive: FunctionBundle;
  layer: LayerBundle;
}

const folders = {
  authorizer: "authorizer",
  notFound: "not-found",
  redirect: "redirect",
  keepAlive: "keep-alive",
} as const;
const layerName = "functions-layer";

/**
 * Bundles every function and the shared layer into deterministic zips: the same sources and lock file give the same
 * bytes. Reuses the zips of an earlier build of the same sources.
 * @throws with the compiler's messages when a source does not compile.
 */
export function buildFunctions(options: { outDir?: string } = {}): FunctionBundles {
  const outDir = path.resolve(options.outDir ?? path.join(projectRoot, "dist", "functions"));
  const sources = sourcesHash();
  return readBuilt(outDir, sources) ?? build(outDir, sources);
}

function build(outDir: string, sources: string): FunctionBundles {
  try {
    fs.mkdirSync(outDir, { recursive: true });
  } catch (error) {
    throw new UserError(
      `${(error as Error).message}: the functions' zips need a checkout that you can write to.`,
    );
  }
  const hashes: Record<string, string> = {};
  for (const [folder, code] of Object.entries(bundleSources())) {
    hashes[folder] = write(outDir, folder, zip({ "index.js": code }));
  }
  hashes[layerName] = write(outDir, layerName, buildLayer(projectRoot));
  writeAtomically(stampFile(outDir), JSON.stringify({ sources, hashes }));
  return bundlesOf(outDir, hashes);
}

function bundleSources(): Record<string, Uint8Array> {
  const names = Object.values(folders);
  const result = buildSync({
    entryPoints: names.map((name) => ({
      in: path.join(projectRoot, "functions", name, "index.ts"),
      out: name,
    })),
    absWorkingDir: projectRoot,
    outdir: "/",
    bundle: true,
    minify: true,
    keepNames: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // Lambda finds the layer's packages by NODE_PATH, which a native import() does not read.
    supported: { "dynamic-import": false },
    external,
    legalComments: "none",
    write: false,
    logLevel: "error",
  });
  return Object.fromEntries(result.outputFiles.map((file) => [path.parse(file.path).name, file.contents]));
}

function bundlesOf(outDir: string, hashes: Record<string, string>): FunctionBundles {
  const zipOf = (name: string) => ({ name, archive: archiveFile(outDir, name), sha256: hashes[name] ?? "" });
  const functionOf = (name: string): FunctionBundle => ({ ...zipOf(name), handler: "index.handler" });
  return {
    authorizer: functionOf(folders.authorizer),
    notFound: functionOf(folders.notFound),
    redirect: functionOf(folders.redirect),
    keepAlive: functionOf(folders.keepAlive),
    layer: zipOf(layerName),
  };
}

/** The bundles of an earlier build of the same sources, if every zip is still as that build wrote it. */
function readBuilt(outDir: string, sources: string): FunctionBundles | undefined {
  const stamp = stampFile(outDir);
  if (!fs.existsSync(stamp)) return undefined;
  let built: { sources?: string; hashes?: Record<string, string> };
  try {
    built = JSON.parse(fs.readFileSync(stamp, "utf8"));
  } catch {
    return undefined;
  }
  if (built.sources !== sources || built.hashes === undefined) return undefined;
  const whole = [...Object.values(folders), layerName].every((name) => {
    const archive = archiveFile(outDir, name);
    return fs.existsSync(archive) && sha256(fs.readFileSync(archive)) === built.hashes?.[name];
  });
  return whole ? bundlesOf(outDir, built.hashes) : undefined;
}

/** Hash of everything that a build reads: the sources, and the lock file for the versions of compiler and packages. */
function sourcesHash(): string {
  const hash = createHash("sha256");
  const sources = ["functions", "lib"].flatMap((folder) =>
    (fs.readdirSync(path.join(projectRoot, folder), { recursive: true }) as string[])
      .filter((file) => file.endsWith(".ts"))
      .map((file) => path.join(folder, file)),
  );
  for (const file of [...sources.sort(), "package-lock.json"]) {
    const content = fs.readFileSync(path.join(projectRoot, file));
    hash.update(`${file.replaceAll("\\", "/")}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

function write(outDir: string, name: string, bytes: Uint8Array): string {
  writeAtomically(archiveFile(outDir, name), bytes);
  return sha256(bytes);
}

/** Several processes may build at once; a reader must not see half a file. */
function writeAtomically(file: string, content: Uint8Array | string): void {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, content);
  fs.renameSync(draft, file);
}

const archiveFile = (outDir: string, name: string) => path.join(outDir, `${name}.zip`);
const stampFile = (outDir: string) => path.join(outDir, "built.json");
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
