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
      ...stageDifferences(inventory),
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

/** The import id of an existing resource, in the form that the provider documents for its type; undefined for a new resource. */
function importIdOf(inventory: Inventory, resource: RecordedResource): string | undefined {
  const { type, inputs } = resource;
  const service = serviceOf(inventory, resource);
  const onDomain = inventory.services.find(
    ({ domainName }) => resource.name.startsWith(`${domainName}-`) || inputs.domainName === domainName,
  );
  switch (type) {
    case "aws:lb/loadBalancer:LoadBalancer":
      return keepsLoadBalancer(inventory) ? inventory.loadBalancer.arn : undefined;
    case "aws:apigateway/vpcLink:VpcLink":
      return keepsLoadBalancer(inventory) ? inventory.vpcLinkId : undefined;
    case "aws:lb/listener:Listener":
      return keepsLoadBalancer(inventory)
        ? inventory.services.find(({ port }) => port === inputs.port)?.listenerArn
        : undefined;
    case "aws:lb/targetGroup:TargetGroup":
      return keepsLoadBalancer(inventory) ? service?.targetGroupArn : undefined;
    case "aws:apigateway/restApi:RestApi":
      return service?.restApiId;
    case "aws:apigateway/stage:Stage":
      return service?.stageName === inventory.stack ? `${service.restApiId}/${service.stageName}` : undefined;
    case "aws:apigatewayv2/apiMapping:ApiMapping": {
      const mapped = inventory.services.find(
        ({ domainName, basePath }) => domainName === inputs.domainName && basePath === inputs.apiMappingKey,
      );
      return mapped?.mappingId && `${mapped.mappingId}/${mapped.domainName}`;
    }
    case "aws:apigateway/domainName:DomainName":
      return onDomain?.domainName;
    case "aws:acm/certificate:Certificate":
      return onDomain?.certificateArn;
    case "aws:route53/record:Record":
      return inputs.type === "CNAME" && inputs.name === onDomain?.domainName ? onDomain?.recordId : undefined;
    case "aws:wafv2/webAcl:WebAcl":
      return inventory.webAcl && `${inventory.webAcl.id}/${inventory.webAcl.name}/REGIONAL`;
    case "aws:wafv2/ipSet:IpSet": {
      const set = inputs.ipAddressVersion === "IPV4" ? inventory.webAcl?.ipv4 : inventory.webAcl?.ipv6;
      return set && `${set.id}/${set.name}/REGIONAL`;
    }
    default:
      return undefined;
  }
}

/** A service's resources begin with its name; the longest match wins, as one service's name can be a prefix of another's. */
function serviceOf({ services }: Inventory, { name }: RecordedResource): InventoryService | undefined {
  return services
    .filter((service) => name.startsWith(`${service.name}-`))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

function stageDifferences(inventory: Inventory): Difference[] {
  const where = `stage ${inventory.stack}`;
  if (keepsLoadBalancer(inventory)) {
    return [
      {
        where,
        traffic: true,
        message:
          "the program's security group replaces the load balancer's: deploy the group and its egress rules first (docs/adopt.md), so that no request fails",
      },
    ];
  }
  return [
    {
      where,
      traffic: true,
      message:
        "the load balancer was created without a security group, and AWS cannot add one: the program creates another load balancer and VPC link, and the stage variables point to them",
    },
  ];
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
  if (service.recordId === undefined)
    note(true, "no recordId: creating the domain's record fails because it exists");
  if (service.certificateArn === undefined)
    note(false, "no certificateArn: the program creates a new certificate");
  if (keepsLoadBalancer(inventory) && !service.listenerArn) {
    note(true, `no listenerArn: creating the listener fails because port ${port} is in use`);
  }
  return differences;
}
