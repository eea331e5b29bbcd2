import type { Finding } from "../../lib/finding";
import { asObject, objectAt, prop, toList } from "../../lib/json";
import { iam, lambda, loadBalancer, type RaisedQuotas, restApi, vpc, waf } from "../../lib/quotas";
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

/** Limits of an account: AWS's defaults, or what they were raised to. */
export interface Limits extends RaisedQuotas {
  /** Resources per API, by service */
  resources?: Record<string, number>;
}

/** The raised limits in a stack's configuration: `gateway:quotas`, and `quotas.resources` of a service. */
export function limitsOf(config: Record<string, string>): Limits {
  const services = JSON.parse(config["gateway:services"] ?? "[]") as unknown[];
  const resources = services.flatMap((service) => {
    const raised = objectAt(service, "quotas")?.resources;
    return typeof raised === "number" ? [[String(prop(service, "name")), raised]] : [];
  });
  const raised = asObject(JSON.parse(config["gateway:quotas"] ?? "{}")) as RaisedQuotas;
  return { ...raised, resources: Object.fromEntries(resources) };
}

/** The quotas that a stack of APIs can reach, without whatever else is in the account. */
export function quotasOf(model: Model, raised: Limits = {}): Quota[] {
  return [
    ...model.services.flatMap((service) => serviceQuotas(service, raised)),
    ...regionQuotas(model, raised),
    ...networkQuotas(model, raised),
    ...interfaceQuotas(model, raised),
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
      message: `${used}, but AWS accepts ${limit}. Remove some, or split the API or the stack; if AWS raised the quota, set gateway:quotas.`,
    }));
}

function serviceQuotas({ name, definition, stages }: Service, raised: Limits): Quota[] {
  const variables = stages.flatMap((stage) => Object.entries(stage.variables));
  const policy = definition.document["x-amazon-apigateway-policy"];
  const paths = Object.keys(definition.document.paths ?? {});
  return [
    quota(`definition of ${name}, bytes`, definition.bytes, restApi.definitionBytes),
    quota(`resources of ${name}`, countResources(paths), raised.resources?.[name] ?? restApi.resources),
    quota(`authorizers of ${name}`, definition.authorizers.length, raised.authorizers ?? restApi.authorizers),
    quota(`stages of ${name}`, stages.length, raised.stages ?? restApi.stages),
    quota(
      `longest stage variable of ${name}, characters`,
      longest(variables.map(([, value]) => value)),
      restApi.stageVariableValueCharacters,
    ),
    quota(
      `longest stage variable name of ${name}, characters`,
      longest(variables.map(([variable]) => variable)),
      restApi.stageVariableKeyCharacters,
    ),
    quota(
      `most stage variables of a stage of ${name}`,
      Math.max(0, ...stages.map((stage) => Object.keys(stage.variables).length)),
      restApi.stageVariables,
    ),
    ...(policy === undefined
      ? []
      : [
          quota(
            `resource policy of ${name}, characters`,
            JSON.stringify(policy).length,
            restApi.resourcePolicyCharacters,
          ),
        ]),
  ];
}

function regionQuotas({ resources, services, mappings }: Model, raised: Limits): Quota[] {
  const domains = mappings.map(({ domainName }) => domainName);
  const mostMappings = Math.max(0, ...domains.map((name) => domains.filter((one) => one === name).length));
  const count = (type: Token) => resources.ofType(type).length;
  return [
    quota("regional REST APIs", services.length, restApi.regionalApis),
    quota(
      "custom domain names",
      count("aws:apigateway/domainName:DomainName"),
      raised.domainNames ?? restApi.domainNames,
    ),
    quota("most mappings of a domain name", mostMappings, restApi.mappingsPerDomainName),
    quota("VPC links", count("aws:apigateway/vpcLink:VpcLink"), raised.vpcLinks ?? restApi.vpcLinks),
    quota(
      "security groups of the VPC",
      count("aws:ec2/securityGroup:SecurityGroup"),
      raised.securityGroups ?? vpc.securityGroups,
    ),
  ];
}

function networkQuotas({ resources }: Model, raised: Limits): Quota[] {
  const rulesPerGroup = raised.rulesPerSecurityGroup ?? vpc.rulesPerSecurityGroup;
  const loadBalancers = resources.ofType("aws:lb/loadBalancer:LoadBalancer");
  const groups = resources.ofType("aws:ec2/securityGroup:SecurityGroup");
  const names = [...loadBalancers, ...resources.ofType("aws:lb/targetGroup:TargetGroup")];
  const rules = (id: string, direction: "ingress" | "egress") => countRules(id, direction, resources);
  return [
    ...loadBalancers.map(({ name, outputs }) => {
      const listeners = resources.where("aws:lb/listener:Listener", "loadBalancerArn", outputs.arn);
      return quota(`listeners of ${name}`, listeners.length, raised.listeners ?? loadBalancer.listeners);
    }),
    ...groups.flatMap(({ id, name }) => [
      quota(`inbound rules of ${name}`, rules(id, "ingress"), rulesPerGroup),
      quota(`outbound rules of ${name}`, rules(id, "egress"), rulesPerGroup),
    ]),
    quota(
      "longest load balancer or target group name, characters",
      longest(names.map(({ outputs }) => outputs.name)),
      loadBalancer.nameCharacters,
    ),
  ];
}

/** Security groups of each load balancer, of the proxies, and of each instance as far as the stack attaches them. */
function interfaceQuotas({ resources }: Model, raised: Limits): Quota[] {
  const limit = raised.securityGroupsPerInterface ?? vpc.securityGroupsPerInterface;
  const counts = new Map<string, number>();
  const count = (owner: string, groups: number) => counts.set(owner, (counts.get(owner) ?? 0) + groups);
  for (const { name, inputs } of resources.ofType("aws:lb/loadBalancer:LoadBalancer"))
    count(name, inputs.securityGroups?.length ?? 0);
  for (const { name, inputs } of resources.ofType("aws:ec2/launchTemplate:LaunchTemplate")) {
    const groups = inputs.networkInterfaces?.map(({ securityGroups = [] }) => securityGroups.length) ?? [];
    count(name, Math.max(inputs.vpcSecurityGroupIds?.length ?? 0, ...groups));
  }
  const instances = resources.invokesOf("aws:ec2/getInstance:getInstance").map(({ result }) => result);
  for (const { inputs } of resources.ofType(ATTACHMENT)) {
    const instance = instances.find((one) => one.networkInterfaceId === inputs.networkInterfaceId);
    const owner = String(instance?.instanceId ?? inputs.networkInterfaceId);
    if (!counts.has(owner)) count(owner, toList(instance?.vpcSecurityGroupIds).length);
    count(owner, 1);
  }
  return [...counts].map(([owner, used]) => quota(`security groups of ${owner}`, used, limit));
}

const ATTACHMENT = "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment";

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
