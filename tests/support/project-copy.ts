import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project-root";
import { fixtures } from "./fixtures";

/** Whether a file belongs to whoever runs the gateway. */
const isTheirs = (file: string) => /^(Pulumi\.[^.]+\.yaml|specs\/.*)$/.test(file);

/**
 * Copies this repository's files, as they are in the work tree, to `folder`, with other stack files and specs.
 * @param isWanted which of the repository's files; default: all
 * @param theirs folder of the stack files and of `specs/`
 */
export function copyProject(folder: string, isWanted = (_file: string) => true, theirs = fixtures): void {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: projectRoot,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const ours = listed.split("\0").filter((file) => file !== "" && !isTheirs(file) && isWanted(file));
  const copies = [
    ...ours.map((file) => [projectRoot, file] as const),
    ...readdirSync(theirs, { recursive: true, encoding: "utf8" })
      .filter(isTheirs)
      .map((file) => [theirs, file] as const),
  ];
  for (const [from, file] of copies) {
    if (existsSync(join(from, file))) cpSync(join(from, file), join(folder, file), { recursive: true });
  }
}
