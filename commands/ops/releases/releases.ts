import type { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { UserError } from "../../../lib/error";
import { exportStage, findApi, listDeployments, listStages } from "../aws/apis";
import { readDescription } from "../deployments/deployments";

/** One stored export. Its key is `SERVICE/DATE/DEPLOYMENT.json`. */
export interface Release {
  key: string;
  service: string;
  /** Day it was stored, ISO. */
  date: string;
  deployment: string;
}

const KEY = /^([a-z0-9-]+)\/(\d{4}-\d{2}-\d{2})\/([a-z0-9]+)\.json$/;

export function readKey(key: string): Release | undefined {
  const [, service, date, deployment] = KEY.exec(key) ?? [];
  return service && date && deployment ? { key, service, date, deployment } : undefined;
}

/** S3's errors for a conditional write that came after, or at the same time as, another one. */
const ALREADY_WRITTEN = ["PreconditionFailed", "ConditionalRequestConflict"];

/** Stored exports, newest first, of all services or of one. */
export async function listReleases(s3: S3Client, bucket: string, service?: string): Promise<Release[]> {
  const releases: Release[] = [];
  const prefix = service === undefined ? undefined : `${service}/`;
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key } of page.Contents ?? []) {
      const release = readKey(Key ?? "");
      if (release) releases.push(release);
    }
  }
  return releases.sort((a, b) => b.date.localeCompare(a.date) || a.key.localeCompare(b.key));
}

/** The commit and definition hash that a release was stored with. */
export async function releaseDetails(
  s3: S3Client,
  bucket: string,
  key: string,
): Promise<Record<string, string>> {
  const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  return Metadata ?? {};
}

/** The stored export, as JSON text. */
export async function readRelease(s3: S3Client, bucket: string, key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (!Body) throw new UserError(`${key} in ${bucket} is empty.`);
  return Body.transformToString();
}

export interface ReleaseResult {
  service: string;
  deployment: string;
  /** Key of the export, whether stored now or before. */
  key: string;
  stored: boolean;
}

/**
 * Stores the export of what a stage serves, unless the archive already has this deployment's. A deployment never changes, so an
 * unchanged API costs one list call and a second run stores nothing.
 */
export async function storeRelease(
  clients: { apiGateway: APIGatewayClient; s3: S3Client },
  args: { service: string; stack: string; bucket: string; commit?: string; now: Date },
): Promise<ReleaseResult> {
  const { service, stack, bucket } = args;
  const restApiId = await findApi(clients.apiGateway, service, stack);
  const stage = (await listStages(clients.apiGateway, restApiId)).find(
    ({ stageName }) => stageName === stack,
  );
  const deployment = stage?.deploymentId;
  if (deployment === undefined)
    throw new UserError(`${service} has no API stage ${stack} with a deployment.`);
  const known = (await listReleases(clients.s3, bucket, service)).find(
    (release) => release.deployment === deployment,
  );
  if (known) return { service, deployment, key: known.key, stored: false };

  const made = (await listDeployments(clients.apiGateway, restApiId)).find(({ id }) => id === deployment);
  const { definition, commit } = readDescription(made?.description);
  const text = await exportStage(clients.apiGateway, restApiId, stack);
  const key = `${service}/${args.now.toISOString().slice(0, 10)}/${deployment}.json`;
  const stored = await clients.s3
    .send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: text,
        ContentType: "application/json",
        // Of two simultaneous updates, or two runs, the first one stored is kept.
        IfNoneMatch: "*",
        Metadata: { stack, deployment, definition, commit: commit || (args.commit ?? ""), api: restApiId },
      }),
    )
    .then(() => true)
    .catch((error: unknown) => {
      if (error instanceof Error && ALREADY_WRITTEN.includes(error.name)) return false;
      throw error;
    });
  return { service, deployment, key, stored };
}
