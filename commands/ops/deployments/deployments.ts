import { type APIGatewayClient, DeleteDeploymentCommand } from "@aws-sdk/client-api-gateway";
import { findApi, listDeployments, listStages } from "../aws/apis";

/** One snapshot of an API that a stage can be pointed at. */
export interface DeploymentRow {
  id: string;
  /** ISO, or empty where AWS tells none. */
  created: string;
  /** Beginning of the sha256 of the definition it was made from; empty for one made outside this program. */
  definition: string;
  /** Git commit it was made from; empty where unknown. */
  commit: string;
  /** What uses it: stage names, with "(canary)" where only a part of the traffic does. */
  usedBy: string[];
}

/** What the program writes into a deployment's description: `definition 0a1b… commit 2c3d…`. */
export function readDescription(description: string | undefined): { definition: string; commit: string } {
  const word = (key: string) =>
    new RegExp(`\\b${key}[ =]([0-9a-f]{7,64})\\b`).exec(description ?? "")?.[1] ?? "";
  return { definition: word("definition"), commit: word("commit") };
}

/** A service's deployments, newest first. */
export async function deployments(
  client: APIGatewayClient,
  service: string,
  stack: string,
): Promise<{ restApiId: string; rows: DeploymentRow[] }> {
  const restApiId = await findApi(client, service, stack);
  const [found, stages] = await Promise.all([
    listDeployments(client, restApiId),
    listStages(client, restApiId),
  ]);
  const usedBy = (id: string) =>
    stages.flatMap(({ stageName, deploymentId, canarySettings }) => [
      ...(deploymentId === id ? [String(stageName)] : []),
      ...(canarySettings?.deploymentId === id ? [`${stageName} (canary)`] : []),
    ]);
  const rows = found.map(({ id = "", createdDate, description }) => ({
    id,
    created: createdDate?.toISOString() ?? "",
    ...readDescription(description),
    usedBy: usedBy(id),
  }));
  return { restApiId, rows };
}

export interface PruneRules {
  /** How many of the newest to keep whatever their age; at least 1. */
  keep: number;
  /** Keep what is younger than this, in days. */
  days: number;
  /** Ids that a stack's settings pin, applied or not. */
  pinned: string[];
  now: Date;
}

/**
 * Which deployments may go. Never one that a stage or a canary uses, never one that settings pin, and never the newest:
 * while the stage is pinned to an older one, the newest is the one that the next update without the pin serves.
 */
export function prunable(rows: DeploymentRow[], { keep, days, pinned, now }: PruneRules): DeploymentRow[] {
  const oldest = now.getTime() - days * 24 * 60 * 60 * 1000;
  return rows
    .slice(Math.max(1, keep))
    .filter(({ usedBy }) => usedBy.length === 0)
    .filter(({ id }) => !pinned.includes(id))
    .filter(({ created }) => created !== "" && Date.parse(created) < oldest);
}

/** Deletes them one by one: AWS allows a delete only every few seconds, and refuses one that a stage has come to use. */
export async function prune(
  client: APIGatewayClient,
  restApiId: string,
  rows: DeploymentRow[],
  report: (row: DeploymentRow) => void,
): Promise<void> {
  for (const row of rows) {
    await client.send(new DeleteDeploymentCommand({ restApiId, deploymentId: row.id }));
    report(row);
  }
}
