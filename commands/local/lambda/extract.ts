import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { unzipSync } from "fflate";
import { projectRoot } from "../../../lib/project-root";

/** Where a function's files lie on this machine, laid out as in Lambda. */
export interface Sandbox {
  /** The function's own files: Lambda's /var/task. */
  task: string;
  /** Value of NODE_PATH, by which the layers' and the runtime's packages are found. */
  nodePath: string;
  remove(): void;
}

/**
 * Unpacks a function and its layers into a new temporary folder outside the project, so that nothing of the
 * project's node_modules is found by accident. Later layers win over earlier ones, as in Lambda.
 * The runtime's own packages are the AWS SDK v3 (`@aws-sdk`, `@smithy`): here the project's.
 * @throws when an archive is missing or no zip.
 */
export function extract(archive: string, layers: readonly string[]): Sandbox {
  const base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "function-")));
  const remove = () => {
    leftBehind.delete(base);
    fs.rmSync(base, { recursive: true, force: true });
  };
  if (!watching) process.once("exit", removeLeftBehind);
  watching = true;
  leftBehind.add(base);
  try {
    const task = path.join(base, "var", "task");
    const opt = path.join(base, "opt");
    unpack(archive, task);
    for (const layer of layers) unpack(layer, opt);
    const runtime = path.join(base, "var", "runtime", "node_modules");
    linkSdk(runtime);
    const nodePath = [
      path.join(opt, "nodejs", "node22", "node_modules"),
      path.join(opt, "nodejs", "node_modules"),
      runtime,
    ];
    return { task, nodePath: nodePath.join(path.delimiter), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Folders of functions that nobody closed: a process that ends takes them along. */
const leftBehind = new Set<string>();
let watching = false;

function removeLeftBehind(): void {
  for (const folder of leftBehind) fs.rmSync(folder, { recursive: true, force: true });
}

function unpack(archive: string, folder: string): void {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(fs.readFileSync(archive));
  } catch (error) {
    throw new Error(`${archive} cannot be read as a zip: ${(error as Error).message}`);
  }
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    if (!file.startsWith(folder + path.sep))
      throw new Error(`${archive} holds a path outside its folder: ${name}`);
    if (name.endsWith("/")) continue;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
}

function linkSdk(folder: string): void {
  const installed = path.join(projectRoot, "node_modules");
  fs.mkdirSync(folder, { recursive: true });
  for (const scope of ["@aws-sdk", "@smithy"]) {
    const target = path.join(installed, scope);
    if (fs.existsSync(target)) fs.symlinkSync(target, path.join(folder, scope), "junction");
  }
}
