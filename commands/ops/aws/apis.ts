import {
  type APIGatewayClient,
  type Deployment,
  GetDeploymentsCommand,
  GetExportCommand,
  GetStagesCommand,
  paginateGetRestApis,
  type Stage,
} from "@aws-sdk/client-api-gateway";
import { UserError } from "../../../lib/error";

/** Name of a service's REST API in AWS. */
export function apiName(service: string, stack: string): string {
  return `${service}-${stack}`;
}

/** The id of a service's REST API. @throws UserError when there is none, or more than one with its name */
export async function findApi(client: APIGatewayClient, service: string, stack: string): Promise<string> {
  const name = apiName(service, stack);
  const ids: string[] = [];
  for await (const page of paginateGetRestApis({ client, pageSize: 500 }, {})) {
    for (const api of page.items ?? []) if (api.name === name && api.id) ids.push(api.id);
  }
  const [id, ...more] = ids;
  if (id === undefined) {
    throw new UserError(
      `There is no REST API ${name} in this account and region. Is the stack deployed, and aws:region right?`,
    );
  }
  if (more.length > 0) {
    throw new UserError(
      `${ids.length} REST APIs are called ${name} (${ids.join(", ")}). Delete those that do not belong to the stack.`,
    );
  }
  return id;
}

/** Every deployment of an API, newest first. */
export async function listDeployments(client: APIGatewayClient, restApiId: string): Promise<Deployment[]> {
  const deployments: Deployment[] = [];
  let position: string | undefined;
  do {
    const page = await client.send(new GetDeploymentsCommand({ restApiId, limit: 500, position }));
    deployments.push(...(page.items ?? []));
    position = page.position;
  } while (position);
  return deployments.sort((a, b) => Number(b.createdDate ?? 0) - Number(a.createdDate ?? 0));
}

export async function listStages(client: APIGatewayClient, restApiId: string): Promise<Stage[]> {
  return (await client.send(new GetStagesCommand({ restApiId }))).item ?? [];
}

/** The "OpenAPI 3 + API Gateway Extensions" export of what a stage serves, as JSON text. */
export async function exportStage(
  client: APIGatewayClient,
  restApiId: string,
  stageName: string,
): Promise<string> {
  const { body } = await client.send(
    new GetExportCommand({
      restApiId,
      stageName,
      exportType: "oas30",
      accepts: "application/json",
      parameters: { extensions: "apigateway" },
    }),
  );
  if (body === undefined)
    throw new UserError(`AWS returned an empty export of stage ${stageName} of ${restApiId}.`);
  return new TextDecoder().decode(body);
}
