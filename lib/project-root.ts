import { resolve } from "node:path";

/** The folder of this program: where Pulumi.yaml is. */
export const projectRoot = resolve(__dirname, "..");

/** The folders that the Pulumi program is made of, for whoever copies it; `specs/` beside them is the user's. */
export const programFolders = ["stacks", "components", "openapi", "functions", "lib"];
