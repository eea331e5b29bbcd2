import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { unzipSync } from "fflate";
import { projectRoot } from "../../../lib/project-root";

/** A function's files on this machine, in Lambda's layout. */
export interface Sandbox {
  /** The function's files: Lambda's /var/task. */
  task: string;
  /** NODE_PATH for the packages of the layers and the runtime. */
  nodePath: string;
  remove(): void;
}

/**
 * Unpacks a function and its layers into a new temporary folder outside the project, so that the function cannot load
 * the project's node_modules. Later layers override earlier ones, as in Lambda. The packages of the runtime are the
 * AWS SDK v3 (`@aws-sdk`, `@smithy`): here the project's.
 * @throws Error when an archive is missing or not a zip
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

/** Folders of functions that were not closed; they are deleted when the process ends. */
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
    throw new Error(`${archive} is not a readable zip: ${(error as Error).message}`);
  }
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    if (!file.startsWith(folder + path.sep))
      throw new Error(`${archive} contains a path outside its folder: ${name}`);
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
