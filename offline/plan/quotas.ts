import type { Finding } from "../../lib/finding";
import { lambda, loadBalancer, restApi, vpc, waf } from "../../lib/quotas";
import { countResources } from "../../openapi/resource-count";
import type { Model, Service } from "../model";
import { countRules } from "../model/security-groups";
import type { Recorded } from "../recording/aws-types";

/** How much of an AWS quota a stack uses. */
export interface Quota {
  name: string;
  used: number;
  limit: number;
}

/** The quotas that a stack of APIs can reach, without whatever else is in the account. */
export function quotasOf(model: Model): Quota[] {
  return [
    ...model.services.flatMap(serviceQuotas),
    ...regionQuotas(model),
    ...networkQuotas(model),
    ...functionQuotas(model),
    ...model.resources.ofType("aws:wafv2/ipSet:IpSet").map(({ name, inputs: { addresses = [] } }) => ({
      name: `addresses of IP set ${name}`,
      used: addresses.length,
      limit: waf.addressesPerIpSet,
    })),
  ];
}

export function quotaFindings(quotas: Quota[]): Finding[] {
  return quotas
    .filter(({ used, limit }) => used > limit)
    .map(({ name, used, limit }) => ({
      level: "error",
      rule: "quota-exceeded",
      where: name,
      message: `${used}, but AWS accepts ${limit}. Remove some, or split the API or the stack.`,
    }));
}

function serviceQuotas({ name, definition, stages }: Service): Quota[] {
  const variables = stages.flatMap((stage) => Object.values(stage.variables));
  const paths = Object.keys(definition.document.paths ?? {});
  return [
    { name: `definition of ${name}, bytes`, used: definition.bytes, limit: restApi.definitionBytes },
    { name: `resources of ${name}`, used: countResources(paths), limit: restApi.resources },
    { name: `authorizers of ${name}`, used: definition.authorizers.length, limit: restApi.authorizers },
    { name: `stages of ${name}`, used: stages.length, limit: restApi.stages },
    {
      name: `longest stage variable of ${name}, characters`,
      used: longest(variables),
      limit: restApi.stageVariableValueCharacters,
    },
  ];
}

function regionQuotas({ resources, services, mappings }: Model): Quota[] {
  const domains = mappings.map(({ domainName }) => domainName);
  return [
    { name: "regional REST APIs", used: services.length, limit: restApi.regionalApis },
    {
      name: "custom domain names",
      used: resources.ofType("aws:apigateway/domainName:DomainName").length,
      limit: restApi.domainNames,
    },
    {
      name: "most mappings of a domain name",
      used: Math.max(0, ...domains.map((name) => domains.filter((one) => one === name).length)),
      limit: restApi.mappingsPerDomainName,
    },
    {
      name: "VPC links",
      used: resources.ofType("aws:apigateway/vpcLink:VpcLink").length,
      limit: restApi.vpcLinks,
    },
    {
      name: "security groups of the VPC",
      used: resources.ofType("aws:ec2/securityGroup:SecurityGroup").length,
      limit: vpc.securityGroups,
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
      limit: loadBalancer.listeners,
    })),
    ...resources.ofType("aws:ec2/securityGroup:SecurityGroup").flatMap(({ id, name }) => [
      {
        name: `inbound rules of ${name}`,
        used: countRules(id, "ingress", resources),
        limit: vpc.rulesPerSecurityGroup,
      },
      {
        name: `outbound rules of ${name}`,
        used: countRules(id, "egress", resources),
        limit: vpc.rulesPerSecurityGroup,
      },
    ]),
    {
      name: "longest load balancer or target group name, characters",
      used: longest(names.map(({ outputs }) => outputs.name)),
      limit: loadBalancer.nameCharacters,
    },
  ];
}

function functionQuotas({ resources }: Model): Quota[] {
  const permissions = resources.ofType("aws:lambda/permission:Permission");
  return resources.ofType("aws:lambda/function:Function").flatMap(({ outputs }) => {
    const { name, arn } = outputs;
    const granted = permissions.filter(({ inputs }) => inputs.function === name || inputs.function === arn);
    const variables = Object.entries(outputs.environment?.variables ?? {});
    return [
      {
        name: `resource policy of ${name}, bytes`,
        used: granted.length === 0 ? 0 : Buffer.byteLength(policyText(granted, arn)),
        limit: lambda.resourcePolicyBytes,
      },
      {
        name: `environment of ${name}, bytes`,
        used: Buffer.byteLength(variables.flat().join("")),
        limit: lambda.environmentBytes,
      },
    ];
  });
}

/** The policy as Lambda stores it. Statement ids have the length of Pulumi's auto-names. */
function policyText(permissions: Recorded<"aws:lambda/permission:Permission">[], arn: string): string {
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

function longest(texts: string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
