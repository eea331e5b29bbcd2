import { execFile } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../lib/project-root";
import { fixtures } from "../support/fixtures";

/** Runs `npm run ops -- …` as a workflow would, without what this process has in its environment of AWS and GitHub. */
export function runOps(
  args: string[],
  env: Record<string, string>,
  cwd = fixtures,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|GITHUB_|PULUMI_)/.test(name));
  const command = [
    "-r",
    join(projectRoot, "lib/typescript.js"),
    join(projectRoot, "commands/ops/index.ts"),
    ...args,
  ];
  return new Promise((settle) => {
    const options = {
      cwd,
      env: { ...Object.fromEntries(inherited), NODE_NO_WARNINGS: "1", ...env },
    };
    const child = execFile(process.execPath, command, options, (_error, stdout, stderr) =>
      settle({ code: child.exitCode ?? 1, stdout, stderr }),
    );
  });
}
