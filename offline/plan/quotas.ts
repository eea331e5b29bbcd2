import type { Finding } from "../../openapi";
import type { Model, Service } from "../model";
import { countRules } from "../model/security-groups";

/** How much of an AWS quota a stack uses. */
export interface Quota {
  name: string;
  used: number;
  limit: number;
}

/**
 * The quotas that a stack of APIs can meet, without what else is in the account.
 * Sources: "Amazon API Gateway quotas and important notes" (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html),
 * "Quotas for your Network Load Balancers", "Amazon VPC quotas", "Lambda quotas", "AWS WAF quotas".
 */
export function quotasOf(model: Model): Quota[] {
  return [
    ...model.services.flatMap(serviceQuotas),
    ...regionQuotas(model),
    ...networkQuotas(model),
    ...functionQuotas(model),
    ...ipSetQuotas(model),
  ];
}

export function quotaFindings(quotas: Quota[]): Finding[] {
  return quotas
    .filter(({ used, limit }) => used > limit)
    .map(({ name, used, limit }) => ({
      level: "error",
      rule: "quota-exceeded",
      where: name,
      message: `${used} of at most ${limit}: AWS refuses this. Take away or split what counts.`,
    }));
}

function serviceQuotas({ name, definition, stages }: Service): Quota[] {
  const variables = stages.flatMap((stage) => Object.entries(stage.variables));
  return [
    { name: `definition of ${name}, bytes`, used: definition.bytes, limit: 6 * 1024 * 1024 },
    { name: `resources of ${name}`, used: countResources(definition.document), limit: 300 },
    { name: `authorizers of ${name}`, used: definition.authorizers.length, limit: 10 },
    { name: `stages of ${name}`, used: stages.length, limit: 10 },
    {
      name: `longest stage variable of ${name}, characters`,
      used: longest(variables.map(([, value]) => value)),
      limit: 512,
    },
  ];
}

/** API Gateway makes a resource of each path segment, also where it has no method; the root counts too. */
function countResources(document: Record<string, unknown>): number {
  const resources = new Set(["/"]);
  for (const path of Object.keys((document.paths as object | undefined) ?? {})) {
    const segments = path.split("/").filter(Boolean);
    for (const index of segments.keys()) resources.add(`/${segments.slice(0, index + 1).join("/")}`);
  }
  return resources.size;
}

function regionQuotas({ resources, services, mappings }: Model): Quota[] {
  const domains = mappings.map(({ domainName }) => domainName);
  return [
    { name: "regional REST APIs", used: services.length, limit: 600 },
    {
      name: "custom domain names",
      used: resources.ofType("aws:apigateway/domainName:DomainName").length,
      limit: 120,
    },
    {
      name: "most mappings of a domain name",
      used: Math.max(0, ...domains.map((name) => domains.filter((one) => one === name).length)),
      limit: 200,
    },
    { name: "VPC links", used: resources.ofType("aws:apigateway/vpcLink:VpcLink").length, limit: 20 },
    {
      name: "security groups of the VPC",
      used: resources.ofType("aws:ec2/securityGroup:SecurityGroup").length,
      limit: 2500,
    },
  ];
}

function networkQuotas({ resources }: Model): Quota[] {
  const loadBalancers = resources.ofType("aws:lb/loadBalancer:LoadBalancer");
  const names = [...loadBalancers, ...resources.ofType("aws:lb/targetGroup:TargetGroup")];
  return [
    ...loadBalancers.map(({ name, outputs }) => ({
      name: `listeners of ${name}`,
      used: resources.where("aws:lb/listener:Listener", "loadBalancerArn", outputs.arn).length,
      limit: 50,
    })),
    ...resources.ofType("aws:ec2/securityGroup:SecurityGroup").flatMap(({ id, name }) => [
      { name: `inbound rules of ${name}`, used: countRules(id, "ingress", resources), limit: 60 },
      { name: `outbound rules of ${name}`, used: countRules(id, "egress", resources), limit: 60 },
    ]),
    {
      name: "longest load balancer or target group name, characters",
      used: longest(names.map(({ outputs }) => String(outputs.name))),
      limit: 32,
    },
  ];
}

function functionQuotas({ resources }: Model): Quota[] {
  const permissions = resources.ofType("aws:lambda/permission:Permission");
  return resources.ofType("aws:lambda/function:Function").flatMap(({ outputs }) => {
    const own = permissions.filter(
      ({ inputs }) => inputs.function === outputs.name || inputs.function === outputs.arn,
    );
    const variables =
      (outputs.environment as { variables?: Record<string, string> } | undefined)?.variables ?? {};
    return [
      {
        name: `resource policy of ${outputs.name}, bytes`,
        used: own.length === 0 ? 0 : Buffer.byteLength(policyText(own, String(outputs.arn))),
        limit: 20 * 1024,
      },
      {
        name: `environment of ${outputs.name}, bytes`,
        used: Object.entries(variables).reduce(
          (sum, [key, value]) => sum + Buffer.byteLength(key + value),
          0,
        ),
        limit: 4096,
      },
    ];
  });
}

/** The policy as Lambda keeps it; statement ids are as long as Pulumi's names make them. */
function policyText(permissions: { name: string; inputs: Record<string, unknown> }[], arn: string): string {
  const statements = permissions.map(({ name, inputs }) => ({
    Sid: `${name}-0123456`,
    Effect: "Allow",
    Principal: { Service: inputs.principal },
    Action: inputs.action,
    Resource: arn,
    Condition: { ArnLike: { "AWS:SourceArn": inputs.sourceArn } },
  }));
  return JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });
}

function ipSetQuotas({ resources }: Model): Quota[] {
  return resources.ofType("aws:wafv2/ipSet:IpSet").map(({ name, inputs }) => ({
    name: `addresses of IP set ${name}`,
    used: ((inputs.addresses as string[] | undefined) ?? []).length,
    limit: 10_000,
  }));
}

function longest(texts: string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
