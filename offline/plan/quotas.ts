import type { Finding } from "../../lib/finding";
import { iam, lambda, loadBalancer, restApi, vpc, waf } from "../../lib/quotas";
import { countResources } from "../../openapi/rest-api/resource-tree";
import type { Model, Service } from "../model";
import { countRules } from "../model/security-groups";
import type { Token } from "../recording/aws-types";

/** How much of an AWS quota a stack uses. */
export interface Quota {
  name: string;
  used: number;
  limit: number;
}

const quota = (name: string, used: number, limit: number): Quota => ({ name, used, limit });

/** The quotas that a stack of APIs can reach, without whatever else is in the account. */
export function quotasOf(model: Model): Quota[] {
  return [
    ...model.services.flatMap(serviceQuotas),
    ...regionQuotas(model),
    ...networkQuotas(model),
    ...functionQuotas(model),
    ...roleQuotas(model),
    ...model.resources
      .ofType("aws:wafv2/ipSet:IpSet")
      .map(({ name, inputs: { addresses = [] } }) =>
        quota(`addresses of IP set ${name}`, addresses.length, waf.addressesPerIpSet),
      ),
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
    quota(`definition of ${name}, bytes`, definition.bytes, restApi.definitionBytes),
    quota(`resources of ${name}`, countResources(paths), restApi.resources),
    quota(`authorizers of ${name}`, definition.authorizers.length, restApi.authorizers),
    quota(`stages of ${name}`, stages.length, restApi.stages),
    quota(
      `longest stage variable of ${name}, characters`,
      longest(variables),
      restApi.stageVariableValueCharacters,
    ),
  ];
}

function regionQuotas({ resources, services, mappings }: Model): Quota[] {
  const domains = mappings.map(({ domainName }) => domainName);
  const mostMappings = Math.max(0, ...domains.map((name) => domains.filter((one) => one === name).length));
  const count = (type: Token) => resources.ofType(type).length;
  return [
    quota("regional REST APIs", services.length, restApi.regionalApis),
    quota("custom domain names", count("aws:apigateway/domainName:DomainName"), restApi.domainNames),
    quota("most mappings of a domain name", mostMappings, restApi.mappingsPerDomainName),
    quota("VPC links", count("aws:apigateway/vpcLink:VpcLink"), restApi.vpcLinks),
    quota("security groups of the VPC", count("aws:ec2/securityGroup:SecurityGroup"), vpc.securityGroups),
  ];
}

function networkQuotas({ resources }: Model): Quota[] {
  const loadBalancers = resources.ofType("aws:lb/loadBalancer:LoadBalancer");
  const groups = resources.ofType("aws:ec2/securityGroup:SecurityGroup");
  const names = [...loadBalancers, ...resources.ofType("aws:lb/targetGroup:TargetGroup")];
  const rules = (id: string, direction: "ingress" | "egress") => countRules(id, direction, resources);
  return [
    ...loadBalancers.map(({ name, outputs }) => {
      const listeners = resources.where("aws:lb/listener:Listener", "loadBalancerArn", outputs.arn);
      return quota(`listeners of ${name}`, listeners.length, loadBalancer.listeners);
    }),
    ...groups.flatMap(({ id, name }) => [
      quota(`inbound rules of ${name}`, rules(id, "ingress"), vpc.rulesPerSecurityGroup),
      quota(`outbound rules of ${name}`, rules(id, "egress"), vpc.rulesPerSecurityGroup),
    ]),
    quota(
      "longest load balancer or target group name, characters",
      longest(names.map(({ outputs }) => outputs.name)),
      loadBalancer.nameCharacters,
    ),
  ];
}

function functionQuotas({ resources }: Model): Quota[] {
  return resources.ofType("aws:lambda/function:Function").map(({ outputs: { name, environment } }) => {
    const variables = Object.entries(environment?.variables ?? {})
      .flat()
      .join("");
    return quota(`environment of ${name}, bytes`, Buffer.byteLength(variables), lambda.environmentBytes);
  });
}

/** Of roles that get a policy for each of something; the others stay as small as they are. */
function roleQuotas({ resources }: Model): Quota[] {
  return resources.ofType("aws:iam/role:Role").flatMap(({ id, name }) => {
    const policies = resources.where("aws:iam/rolePolicy:RolePolicy", "role", id);
    if (policies.length < 2) return [];
    const { length } = policies.map(({ inputs }) => inputs.policy).join("");
    return quota(`inline policies of ${name}, characters`, length, iam.inlinePolicyCharacters);
  });
}

function longest(texts: string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
