import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildFunctions } from "../../functions/build";
import { projectRoot } from "../../lib/project-root";
import type { Recording } from "../../offline/recording";
import { currentCommit } from "../../stacks/commit";

/** What a recording of a fixture stack depends on, apart from the commit and the Node.js version. */
const sources = ["components", "functions", "lib", "offline", "openapi", "stacks", "tests/fixtures"];
const files = ["index.ts", "package-lock.json"];

const folder = join(projectRoot, "dist/recordings");
let sourcesHash: string | undefined;

/**
 * Runs `record` once per state of the sources, also over several processes and runs of the tests.
 * @param name what is recorded, e.g. `dev preview`
 */
export async function cachedRecording(name: string, record: () => Promise<Recording>): Promise<Recording> {
  sourcesHash ??= hashOfSources();
  const file = join(folder, `${sourcesHash} ${name}.json`);
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Recording;
  } catch {
    const recording = await record();
    mkdirSync(folder, { recursive: true });
    for (const other of readdirSync(folder))
      if (!other.startsWith(sourcesHash)) rmSync(join(folder, other), { force: true });
    // Renamed when complete, so that another process never reads half a recording.
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(recording));
    renameSync(`${file}.${process.pid}`, file);
    return recording;
  }
}

function hashOfSources(): string {
  // A recording refers to the functions' zips, which another state of the sources may have replaced.
  buildFunctions();
  const hash = createHash("sha256").update(`${process.version} ${currentCommit(projectRoot)}`);
  for (const source of sources) {
    for (const entry of readdirSync(join(projectRoot, source), { recursive: true, withFileTypes: true }))
      if (entry.isFile()) add(join(entry.parentPath, entry.name));
  }
  for (const file of files) add(join(projectRoot, file));
  return hash.digest("hex");

  function add(file: string): void {
    hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  }
}
