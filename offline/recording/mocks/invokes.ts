import type { PlainObject } from "../plain";
import type { RecordedResource } from "../recorded";
import type { AwsEnvironment } from "./mock";
import { hex, primaryInterfaceOf, privateAddress } from "./names";

type Answer = (args: PlainObject, environment: AwsEnvironment, resources: RecordedResource[]) => PlainObject;

const answers: Record<string, Answer> = {
  "aws:index/getRegion:getRegion": (_, { region }) => ({
    id: region,
    name: region,
    region,
    endpoint: "",
    description: "",
  }),
  "aws:index/getPartition:getPartition": () => ({ id: "aws", partition: "aws", dnsSuffix: "amazonaws.com" }),
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { accountId }) => ({
    id: accountId,
    accountId,
    arn: `arn:aws:iam::${accountId}:user/recording`,
    userId: "AIDARECORDING",
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_, { region }) => ({
    id: region,
    names: ["a", "b", "c"].map((zone) => `${region}${zone}`),
    zoneIds: ["az1", "az2", "az3"],
  }),

  "aws:route53/getZone:getZone": ({ name, zoneId, privateZone }) => ({
    id: zoneId ?? zoneOf(String(name)),
    zoneId: zoneId ?? zoneOf(String(name)),
    name: String(name).replace(/\.$/, ""),
    privateZone: privateZone ?? false,
    nameServers: [],
  }),

  "aws:ec2/getInstance:getInstance": ({ instanceId }, { region }) => ({
    id: instanceId,
    instanceId,
    networkInterfaceId: primaryInterfaceOf(String(instanceId)),
    privateIp: privateAddress(String(instanceId)),
    availabilityZone: `${region}a`,
    vpcSecurityGroupIds: [],
    instanceState: "running",
  }),

  "aws:ec2/getNetworkInterface:getNetworkInterface": getNetworkInterface,

  "aws:ec2/getVpc:getVpc": ({ id }) => ({ id, cidrBlock: "10.1.0.0/16", state: "available" }),
  "aws:ec2/getSubnet:getSubnet": ({ id }, { region }) => ({
    id,
    cidrBlock: "10.1.0.0/24",
    vpcId: `vpc-${hex("the vpc", 17)}`,
    availabilityZone: `${region}a`,
  }),
  "aws:ec2/getAmi:getAmi": () => ({ id: `ami-${hex("image", 17)}`, imageId: `ami-${hex("image", 17)}` }),
  "aws:ssm/getParameter:getParameter": ({ name }) => ({
    id: name,
    name,
    type: "String",
    value: parameterValue(String(name)),
  }),
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": ({ name }) => ({
    id: `pl-${hex(String(name), 8)}`,
    name,
  }),

  // As the provider renders it; nothing is evaluated.
  "aws:iam/getPolicyDocument:getPolicyDocument": (args) => {
    const json = JSON.stringify({ Version: "2012-10-17", Statement: args.statements });
    return { id: hex(json, 10), json, minifiedJson: json };
  },
};

/** @throws Error for a function without an answer: an `undefined` would end up in ARNs and host names */
export function answerInvoke(
  token: string,
  args: PlainObject,
  environment: AwsEnvironment,
  resources: RecordedResource[],
): PlainObject {
  const answer = answers[token];
  if (!answer) {
    throw new Error(`A recording has no answer for ${token}. Add it to offline/recording/mocks/invokes.ts.`);
  }
  return answer(args, environment, resources);
}

function zoneOf(name: string): string {
  return `Z${hex(`zone ${name.replace(/\.$/, "")}`, 13).toUpperCase()}`;
}

/** A load balancer's network interface, by its description `ELB <arn suffix>` and its subnet. */
function getNetworkInterface(
  args: PlainObject,
  _environment: AwsEnvironment,
  resources: RecordedResource[],
): PlainObject {
  const filters = (args.filters as { name: string; values: string[] }[] | undefined) ?? [];
  const filter = (name: string) => filters.find((one) => one.name === name)?.values[0] ?? "";
  const description = filter("description");
  const subnetId = filter("subnet-id");
  const loadBalancer = resources.find(
    ({ type, outputs }) =>
      type === "aws:lb/loadBalancer:LoadBalancer" &&
      `ELB ${outputs.arnSuffix}` === description.replace(/\*$/, ""),
  );
  if (!args.id && (!loadBalancer || !subnetId)) {
    throw new Error(
      `No network interface matches ${JSON.stringify(filters)}: AWS would not find one either.`,
    );
  }
  const mappings =
    (loadBalancer?.inputs.subnetMappings as { subnetId: string; privateIpv4Address?: string }[]) ?? [];
  const given = mappings.find((mapping) => mapping.subnetId === subnetId)?.privateIpv4Address;
  const privateIp = given ?? privateAddress(`${description} ${subnetId} ${args.id ?? ""}`);
  const id = args.id ?? `eni-${hex(`${description} ${subnetId}`, 17)}`;
  return { id, description, subnetId, privateIp, privateIps: [privateIp] };
}

/** AWS's public parameters name machine images; others hold whatever their owner put there. */
function parameterValue(name: string): string {
  return name.startsWith("/aws/service/ami") ? `ami-${hex(name, 17)}` : `value-of-${name}`;
}
