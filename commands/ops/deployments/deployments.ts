import { type APIGatewayClient, DeleteDeploymentCommand } from "@aws-sdk/client-api-gateway";
import { findApi, listDeployments, listStages } from "../aws/apis";

/** One snapshot of an API that a stage can be pointed at. */
export interface DeploymentRow {
  id: string;
  /** ISO date, or empty where AWS has none. */
  created: string;
  /** First characters of its definition's SHA-256; empty when another program created it. */
  definition: string;
  /** Git commit of its definition; empty where unknown. */
  commit: string;
  /** API stages that use it, followed by "(canary)" where only part of the traffic does. */
  usedBy: string[];
}

/** Reads the description that the program gives a deployment: `definition 0a1b… commit 2c3d…`. */
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
  /** How many of the newest to keep regardless of age; at least 1. */
  keep: number;
  /** Keep deployments younger than this many days. */
  days: number;
  /** Ids that any stack's settings pin, deployed or not. */
  pinned: string[];
  now: Date;
}

/**
 * Deployments that may be deleted: never one that a stage or canary uses or that settings pin, and never the newest, which
 * the next update without a pin serves.
 */
export function prunable(rows: DeploymentRow[], { keep, days, pinned, now }: PruneRules): DeploymentRow[] {
  const oldest = now.getTime() - days * 24 * 60 * 60 * 1000;
  return rows
    .slice(Math.max(1, keep))
    .filter(({ usedBy }) => usedBy.length === 0)
    .filter(({ id }) => !pinned.includes(id))
    .filter(({ created }) => created !== "" && Date.parse(created) < oldest);
}

/** Deletes one at a time: AWS throttles deletes to one every few seconds, and refuses a deployment that a stage uses by now. */
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
