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
  /** Stack that will own it. */
  stack: string;
  region: string;
  /** Zone in which the domain names end. */
  domain: string;
  vpcLinkId: string;
}

export interface ExistingGateway {
  /** All that AWS knows of it; `identity`, `levels` and the contact of `allow` are the team's to add. */
  inventory: Omit<Inventory, "identity" | "levels">;
  /** File name → export. */
  exports: Record<string, string>;
  /** What could not be told, and what cannot be adopted. */
  notes: string[];
}

/**
 * What stands in an account behind one VPC link, by calls that only read.
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
    notes.push(`there is no public zone ${domain} in this account: recordId is missing`);
  const services: InventoryService[] = [];
  const exports: Record<string, string> = {};
  const names = new Set<string>();
  for (const api of apis) {
    const name = serviceName(api.name, stack, names);
    const note = (text: string) => notes.push(`${name}: ${text}`);
    const place = placeOf(api, balancer);
    const mapping = mappingOf(api, mappings, note);
    if (!place || !mapping || !api.stage.deploymentId) {
      if (!place) note("no listener of the load balancer is named by its stage or its export: left out");
      if (!mapping) note(`no domain name in ${domain} leads to it: left out`);
      if (!api.stage.deploymentId) note("its stage serves nothing: left out");
      continue;
    }
    names.add(name);
    exports[`${name}.json`] = api.text;
    const { certificateArn, ...mapped } = mapping;
    services.push({
      name,
      export: `${name}.json`,
      ...mapped,
      deploymentId: api.stage.deploymentId,
      stageVariables: api.stage.variables ?? {},
      ...place,
      instances: await instancesOf(clients, place.targetGroupArn, note),
      ...(await certificateOf(clients, mapping, note)),
      ...(await recordOf(clients, zoneId, mapping.domainName, note)),
    });
  }
  return {
    inventory: {
      ...{ stack, region, domain, vpcId: balancer.vpcId, zones: balancer.zones },
      ...{ loadBalancer: balancer.loadBalancer, vpcLinkId },
      ...(await webAclOf(clients, apis, notes)),
      services,
    },
    exports,
    notes,
  };
}

interface ExistingApi {
  restApiId: string;
  name: string;
  stage: Stage & { stageName: string };
  text: string;
}

/** Stages whose variables hold the link; where they hold none, the stage called as the stack, if its export names the link. */
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

/** The listener that a stage variable names, or else the export, as `<dns name of the load balancer>:<port>`. */
function placeOf({ stage, text }: ExistingApi, { loadBalancer, listeners }: ExistingLoadBalancer) {
  const says = [...Object.values(stage.variables ?? {}), text];
  for (const source of says) {
    const found = listeners.find(({ port }) =>
      new RegExp(`${loadBalancer.dnsName.replaceAll(".", "\\.")}:${port}(?!\\d)`, "i").test(source),
    );
    if (found) return found;
  }
  return undefined;
}

function mappingOf(api: ExistingApi, mappings: ExistingMapping[], note: (text: string) => void) {
  const [mapping, ...more] = mappings.filter(
    ({ restApiId, stageName }) => restApiId === api.restApiId && stageName === api.stage.stageName,
  );
  for (const { domainName, basePath } of more)
    note(
      `is also mapped to ${[domainName, basePath].filter(Boolean).join("/")}, which the program does not take over`,
    );
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
      `its target group has no instance (${targets.join(", ") || "nothing"}): write down which run it, under instances`,
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
  note(`the certificate of ${domainName} ${problem}: it gets one of its own`);
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
      : `${name} has ${types.join(" and ")} records, the program makes a CNAME: replace them by one before the import`,
  );
  return {};
}

async function webAclOf({ waf }: AwsClients, apis: ExistingApi[], notes: string[]) {
  const arns = [...new Set(apis.flatMap(({ stage }) => stage.webAclArn ?? []))];
  const [arn, ...more] = arns;
  if (arn === undefined) return {};
  if (more.length > 0)
    notes.push(`the stages have ${arns.length} web ACLs; ${arn} is taken, not ${more.join(", ")}`);
  const { webAcl, addresses } = await existingWebAcl(waf, arn);
  return { webAcl, allow: { addresses } };
}

/** `Entity API`, `entity-api-dev` → `entity-api`; unique, and no longer than the settings take. */
function serviceName(name: string, stack: string, taken: Set<string>): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .replace(new RegExp(`-${stack}$`), "");
  const base = plain.slice(0, SERVICE_NAME_MAX).replace(/-+$/, "") || "api";
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? "" : `-${number}`;
    const unique = base.slice(0, SERVICE_NAME_MAX - suffix.length) + suffix;
    if (!taken.has(unique)) return unique;
  }
}
