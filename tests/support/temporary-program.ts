import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "../../lib/project-root";

export interface TemporaryProgram {
  root: string;
  remove(): void;
}

/** A Pulumi project in a folder of its own, with this project's dependencies; `files` are paths and contents. */
export function temporaryProgram(files: Record<string, string>): TemporaryProgram {
  const root = mkdtempSync(join(tmpdir(), "gateway-program-"));
  symlinkSync(join(projectRoot, "node_modules"), join(root, "node_modules"));
  const all = {
    "Pulumi.yaml": "name: gateway\nruntime: nodejs\n",
    "Pulumi.dev.yaml": "config:\n  aws:region: us-east-1\n",
    "package.json": JSON.stringify({ main: "index.ts" }),
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return { root, remove: () => rmSync(root, { recursive: true }) };
}
