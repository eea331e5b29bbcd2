import type { RecordedResource } from "../../../offline/recording";
import type { Difference } from "./files";
import type { Inventory, InventoryService } from "./inventory";

/** An entry of the file that `pulumi import --file` reads. */
export interface ImportEntry {
  type: string;
  /** Unique within the file; children refer to their parent by it. */
  name: string;
  /** The resource's name in the program, when it is not unique in the file. */
  logicalName?: string;
  parent?: string;
  id?: string;
  component?: true;
}

export interface ImportPlan {
  entries: ImportEntry[];
  differences: Difference[];
}

/**
 * What to import under which name: every resource of the program that already exists in AWS, and the components that contain it.
 * Names, types and parents come from a run of the program.
 */
export function importPlan(inventory: Inventory, resources: RecordedResource[]): ImportPlan {
  const ids = new Map<string, string>();
  for (const resource of resources) {
    const id = importIdOf(inventory, resource);
    if (id !== undefined) ids.set(resource.urn, id);
  }
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const needed = new Set<string>();
  for (const urn of ids.keys()) {
    for (
      let at = byUrn.get(urn);
      at && at.type !== "pulumi:pulumi:Stack";
      at = at.parent ? byUrn.get(at.parent) : undefined
    ) {
      needed.add(at.urn);
    }
  }
  const chosen = resources.filter(({ urn }) => needed.has(urn));
  const names = uniqueNames(chosen);
  const entries = chosen.map(({ urn, type, name, parent }): ImportEntry => {
    const unique = names.get(urn) ?? name;
    const parentName = parent === undefined ? undefined : names.get(parent);
    const id = ids.get(urn);
    return {
      type,
      name: unique,
      ...(unique === name ? {} : { logicalName: name }),
      ...(parentName === undefined ? {} : { parent: parentName }),
      ...(id === undefined ? { component: true as const } : { id }),
    };
  });
  return {
    entries,
    differences: [
      stageDifference(inventory),
      ...webAclDifferences(inventory),
      ...inventory.services.flatMap((s) => serviceDifferences(inventory, s)),
    ],
  };
}

function uniqueNames(resources: RecordedResource[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    resources.map(({ urn, type, name }) => {
      const unique = taken.has(name) ? `${name}${type.split(":").pop()}` : name;
      taken.add(unique);
      return [urn, unique];
    }),
  );
}

/** An NLB created without a security group can never get one, so it cannot be adopted (Elastic Load Balancing, "Security groups", "Considerations"). */
const keepsLoadBalancer = ({ loadBalancer }: Inventory) => loadBalancer.securityGroups.length > 0;

interface Candidate {
  inventory: Inventory;
  inputs: RecordedResource["inputs"];
  /** The service that the resource belongs to. */
  service?: InventoryService;
  /** The service whose domain name the resource is for. */
  onDomain?: InventoryService;
}

/** The import id of each type, in the form that the provider documents; undefined for a resource to create. */
const IMPORT_IDS: Record<string, (candidate: Candidate) => string | undefined> = {
  "aws:lb/loadBalancer:LoadBalancer": ({ inventory }) => kept(inventory)?.loadBalancer.arn,
  "aws:apigateway/vpcLink:VpcLink": ({ inventory }) => kept(inventory)?.vpcLinkId,
  "aws:lb/listener:Listener": ({ inventory, inputs }) => onPort(inventory, inputs)?.listenerArn,
  "aws:lb/targetGroup:TargetGroup": ({ inventory, inputs }) => onPort(inventory, inputs)?.targetGroupArn,
  "aws:apigateway/restApi:RestApi": ({ service }) => service?.restApiId,
  "aws:apigateway/stage:Stage": ({ inventory, service }) =>
    service?.stageName === inventory.stack ? `${service.restApiId}/${service.stageName}` : undefined,
  "aws:apigatewayv2/apiMapping:ApiMapping": ({ inventory, inputs }) => {
    const mapped = inventory.services.find(
      ({ domainName, basePath }) => domainName === inputs.domainName && basePath === inputs.apiMappingKey,
    );
    return mapped?.mappingId && `${mapped.mappingId}/${mapped.domainName}`;
  },
  "aws:apigateway/domainName:DomainName": ({ onDomain }) => onDomain?.domainName,
  "aws:acm/certificate:Certificate": ({ onDomain }) => onDomain?.certificateArn,
  "aws:route53/record:Record": ({ inputs, onDomain }) =>
    inputs.type === "CNAME" && inputs.name === onDomain?.domainName ? onDomain?.recordId : undefined,
  "aws:wafv2/webAcl:WebAcl": ({ inventory }) => wafId(inventory.webAcl),
  "aws:wafv2/ipSet:IpSet": ({ inventory, inputs }) =>
    wafId(inputs.ipAddressVersion === "IPV4" ? inventory.webAcl?.ipv4 : inventory.webAcl?.ipv6),
};

const kept = (inventory: Inventory) => (keepsLoadBalancer(inventory) ? inventory : undefined);
const onPort = (inventory: Inventory, inputs: RecordedResource["inputs"]) =>
  kept(inventory)?.services.find(({ port }) => port === inputs.port);
const wafId = (found?: { id: string; name: string }) => found && `${found.id}/${found.name}/REGIONAL`;

function importIdOf(inventory: Inventory, resource: RecordedResource): string | undefined {
  const { type, name, inputs } = resource;
  const onDomain = inventory.services.find(
    ({ domainName }) => name.startsWith(`${domainName}-`) || inputs.domainName === domainName,
  );
  return IMPORT_IDS[type]?.({ inventory, inputs, service: serviceOf(inventory, resource), onDomain });
}

/** A service's resources begin with its name; the longest match wins, as one service's name can be a prefix of another's. */
function serviceOf({ services }: Inventory, { name }: RecordedResource): InventoryService | undefined {
  return services
    .filter((service) => name.startsWith(`${service.name}-`))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

function stageDifference(inventory: Inventory): Difference {
  return {
    where: `stage ${inventory.stack}`,
    traffic: true,
    message: keepsLoadBalancer(inventory)
      ? "the program's security group replaces the load balancer's: deploy the group and its egress rules first (docs/adopt.md), so that no request fails"
      : "the load balancer was created without a security group, and AWS cannot add one: the program creates another load balancer and VPC link, and the stage variables point to them",
  };
}

function webAclDifferences({ stack, allow, webAcl }: Inventory): Difference[] {
  if (!allow || webAcl) return [];
  const message = "no webAcl: the program creates a web ACL, which replaces the one that the API stages have";
  return [{ where: `stage ${stack}`, traffic: true, message }];
}

function serviceDifferences(inventory: Inventory, service: InventoryService): Difference[] {
  const where = service.name;
  const differences: Difference[] = [];
  const note = (traffic: boolean, message: string) => differences.push({ where, traffic, message });
  const { stageName, stageVariables, port } = service;
  if (stageName !== inventory.stack) {
    note(
      true,
      `its API stage is ${stageName}; the program creates ${inventory.stack} and moves the mapping to it`,
    );
  }
  const declared: Record<string, string> = {
    VPCLINK: inventory.vpcLinkId,
    VPCNLB: `${inventory.loadBalancer.dnsName}:${port}`,
  };
  for (const [name, value] of Object.entries(stageVariables)) {
    if (declared[name] === undefined)
      note(true, `stage variable ${name} is removed; the pinned deployment fails where it uses it`);
    else if (declared[name] !== value)
      note(true, `stage variable ${name} changes from ${value} to ${declared[name]}`);
  }
  if (service.mappingId === undefined) {
    note(
      true,
      "no mappingId: creating the mapping fails because its base path exists (aws apigatewayv2 get-api-mappings)",
    );
  }
  if (keepsLoadBalancer(inventory) && service.targetGroupArn === undefined)
    note(true, "no targetGroupArn: the program creates a target group, and the listener forwards to it");
  if (service.recordId === undefined)
    note(true, "no recordId: creating the domain's record fails because it exists");
  if (service.certificateArn === undefined)
    note(false, "no certificateArn: the program creates a new certificate");
  if (keepsLoadBalancer(inventory) && !service.listenerArn) {
    note(true, `no listenerArn: creating the listener fails because port ${port} is in use`);
  }
  return differences;
}
