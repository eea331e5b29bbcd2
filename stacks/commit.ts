import { execFileSync } from "node:child_process";

/** The git commit checked out at `root`; empty where there is none. For the record only: nothing is decided by it. */
export function currentCommit(root: string): string {
  try {
    const text = execFileSync("git", ["rev-parse", "--verify", "HEAD"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return text.trim();
  } catch {
    return "";
  }
}
