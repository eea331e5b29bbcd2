import { paginateGetRestApis, type RestApi, type Stage } from "@aws-sdk/client-api-gateway";
import { UserError } from "../../../../lib/error";
import { SERVICE_NAME_MAX } from "../../../../stacks/settings/service";
import { exportStage, listStages } from "../../aws/apis";
import type { AwsClients } from "../../aws/clients";
import type { Inventory, InventoryService } from "../inventory";
import {
  certificateProblem,
  type ExistingMapping,
  existingMappings,
  hostedZone,
  recordTypes,
} from "./domains";
import { type ExistingLoadBalancer, existingLoadBalancer, targetsOf } from "./load-balancer";
import { existingWebAcl } from "./web-acl";

export interface GatewayQuery {
  /** Stack that will own the gateway. */
  stack: string;
  region: string;
  /** Zone in which the domain names end. */
  domain: string;
  vpcLinkId: string;
}

export interface ExistingGateway {
  /** Everything that AWS knows of it; the team adds `identity`, `levels` and the contact of `allow`. */
  inventory: Omit<Inventory, "identity" | "levels">;
  /** File name → export. */
  exports: Record<string, string>;
  /** What could not be found out, and what cannot be adopted. */
  notes: string[];
}

/**
 * Describes the gateway behind one VPC link, with read-only calls.
 *
 * @throws UserError when no API uses the link
 */
export async function existingGateway(clients: AwsClients, query: GatewayQuery): Promise<ExistingGateway> {
  const { stack, region, domain, vpcLinkId } = query;
  const notes: string[] = [];
  const balancer = await existingLoadBalancer(clients.apiGateway, clients.loadBalancing, vpcLinkId);
  const apis = await apisBehind(clients, query);
  if (apis.length === 0) throw new UserError(`No REST API in ${region} uses VPC link ${vpcLinkId}.`);
  const mappings = await existingMappings(clients.apiGateway, clients.apiGatewayV2, domain);
  const zoneId = await hostedZone(clients.route53, domain);
  if (zoneId === undefined)
    notes.push(`this account has no public hosted zone ${domain}: recordId is missing`);

  const services: InventoryService[] = [];
  const exports: Record<string, string> = {};
  for (const api of apis) {
    const name = serviceName(api.name, stack, Object.keys(exports));
    const note = (text: string) => notes.push(`${name}: ${text}`);
    const service = await serviceOf(clients, { api, name, balancer, mappings, zoneId, note });
    if (!service) continue;
    services.push(service);
    exports[name] = api.text;
  }
  return {
    inventory: {
      ...{ stack, region, domain, vpcId: balancer.vpcId, zones: balancer.zones },
      ...{ loadBalancer: balancer.loadBalancer, vpcLinkId },
      ...(await webAclOf(clients, apis, notes)),
      services,
    },
    exports: Object.fromEntries(Object.entries(exports).map(([name, text]) => [`${name}.json`, text])),
    notes,
  };
}

interface ExistingApi {
  restApiId: string;
  name: string;
  stage: Stage & { stageName: string };
  text: string;
}

/** Stages whose variables contain the link; failing that, the stage with the stack's name, if its export contains the link. */
async function apisBehind({ apiGateway }: AwsClients, query: GatewayQuery): Promise<ExistingApi[]> {
  const all: RestApi[] = [];
  for await (const page of paginateGetRestApis({ client: apiGateway, pageSize: 500 }, {}))
    all.push(...(page.items ?? []));
  const found: ExistingApi[] = [];
  for (const { id: restApiId, name = "" } of all) {
    if (restApiId === undefined) continue;
    const stages = (await listStages(apiGateway, restApiId)).filter(hasName);
    const using = stages.find(({ variables }) => Object.values(variables ?? {}).includes(query.vpcLinkId));
    const stage = using ?? stages.find(({ stageName }) => stageName === query.stack);
    if (!stage) continue;
    const text = await exportStage(apiGateway, restApiId, stage.stageName);
    if (using || text.includes(`"${query.vpcLinkId}"`)) found.push({ restApiId, name, stage, text });
  }
  return found;
}

const hasName = (stage: Stage): stage is Stage & { stageName: string } => stage.stageName !== undefined;

interface ServiceQuery {
  api: ExistingApi;
  name: string;
  balancer: ExistingLoadBalancer;
  mappings: ExistingMapping[];
  zoneId: string | undefined;
  note: (text: string) => void;
}

/** An API's entry in the inventory; undefined, with a note, when it cannot be adopted. */
async function serviceOf(clients: AwsClients, query: ServiceQuery): Promise<InventoryService | undefined> {
  const { api, name, balancer, note } = query;
  const listener = listenerOf(api, balancer);
  const mapping = mappingOf(query);
  const { deploymentId, variables = {} } = api.stage;
  if (!listener || !mapping || !deploymentId) {
    if (!listener) note("neither its stage nor its export names a listener of the load balancer: left out");
    if (!mapping) note("no domain name in the zone is mapped to it: left out");
    if (!deploymentId) note("its stage has no deployment: left out");
    return undefined;
  }
  const { certificateArn: _, ...mapped } = mapping;
  return {
    name,
    export: `${name}.json`,
    ...mapped,
    deploymentId,
    stageVariables: variables,
    ...listener,
    instances: await instancesOf(clients, listener.targetGroupArn, note),
    ...(await certificateOf(clients, mapping, note)),
    ...(await recordOf(clients, query.zoneId, mapping.domainName, note)),
  };
}

/** The listener that a stage variable names, or else the export, as `<dns name of the load balancer>:<port>`. */
function listenerOf({ stage, text }: ExistingApi, { loadBalancer, listeners }: ExistingLoadBalancer) {
  for (const source of [...Object.values(stage.variables ?? {}), text]) {
    const found = listeners.find(({ port }) =>
      new RegExp(`${loadBalancer.dnsName.replaceAll(".", "\\.")}:${port}(?!\\d)`, "i").test(source),
    );
    if (found) return found;
  }
  return undefined;
}

function mappingOf({ api, mappings, note }: ServiceQuery): ExistingMapping | undefined {
  const [mapping, ...more] = mappings.filter(
    ({ restApiId, stageName }) => restApiId === api.restApiId && stageName === api.stage.stageName,
  );
  for (const { domainName, basePath } of more)
    note(`is also mapped to ${[domainName, basePath].filter(Boolean).join("/")}, which is not adopted`);
  return mapping;
}

async function instancesOf(
  { loadBalancing }: AwsClients,
  targetGroupArn: string | undefined,
  note: (text: string) => void,
): Promise<string[]> {
  const targets = targetGroupArn === undefined ? [] : await targetsOf(loadBalancing, targetGroupArn);
  const instances = targets.filter((id) => id.startsWith("i-"));
  if (instances.length === 0)
    note(
      `its target group has no instance (targets: ${targets.join(", ") || "none"}): add the ids under instances`,
    );
  return instances;
}

async function certificateOf(
  { certificates }: AwsClients,
  { certificateArn, domainName }: ExistingMapping,
  note: (text: string) => void,
): Promise<{ certificateArn?: string }> {
  if (certificateArn === undefined) return {};
  const problem = await certificateProblem(certificates, certificateArn, domainName);
  if (problem === undefined) return { certificateArn };
  note(`the certificate of ${domainName} ${problem}: the program creates a new one`);
  return {};
}

async function recordOf(
  { route53 }: AwsClients,
  zoneId: string | undefined,
  name: string,
  note: (text: string) => void,
): Promise<{ recordId?: string }> {
  if (zoneId === undefined) return {};
  const types = await recordTypes(route53, zoneId, name);
  if (types.includes("CNAME")) return { recordId: `${zoneId}_${name}_CNAME` };
  note(
    types.length === 0
      ? `${name} has no record in the zone`
      : `${name} has ${types.join(" and ")} records, but the program creates a CNAME: replace them before the import`,
  );
  return {};
}

async function webAclOf({ waf }: AwsClients, apis: ExistingApi[], notes: string[]) {
  const arns = [...new Set(apis.flatMap(({ stage }) => stage.webAclArn ?? []))];
  const [arn, ...more] = arns;
  if (arn === undefined) return {};
  if (more.length > 0)
    notes.push(`the stages have ${arns.length} web ACLs; ${arn} is adopted, ${more.join(", ")} are not`);
  const { webAcl, addresses } = await existingWebAcl(waf, arn);
  return { webAcl, allow: { addresses } };
}

/** `Entity API`, `entity-api-dev` → `entity-api`: unique, and no longer than the settings accept. */
function serviceName(name: string, stack: string, used: string[]): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .replace(new RegExp(`-${stack}$`), "");
  const base = plain.slice(0, SERVICE_NAME_MAX).replace(/-+$/, "") || "api";
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? "" : `-${number}`;
    const unique = base.slice(0, SERVICE_NAME_MAX - suffix.length) + suffix;
    if (!used.includes(unique)) return unique;
  }
}
