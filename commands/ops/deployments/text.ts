import { table } from "../../../lib/table";
import type { DeploymentRow } from "./deployments";

export function deploymentsText(rows: DeploymentRow[]): string {
  return table(
    ["deployment", "created", "definition", "commit", "in use by"],
    rows.map(({ id, created, definition, commit, usedBy }) => [
      id,
      created.slice(0, 16).replace("T", " "),
      definition.slice(0, 12) || "-",
      commit.slice(0, 10) || "-",
      usedBy.join(", "),
    ]),
  );
}
