import { isObject, objectAt, stringAt, toList } from "../../lib/json";
import { INTEGRATION } from "../../openapi/operations";
import defaultPrices from "./prices.json";

export type Prices = typeof defaultPrices;

/** Assumptions about traffic, which no setting states. */
export interface Assumptions {
  /** KB per response that leave for the internet. */
  responseKb: number;
  /** KB of access log per request. */
  logKb: number;
  /** KB of web ACL log per request. */
  webAclLogKb: number;
  /** Share of requests that X-Ray traces. Its default rule samples one a second and 5 % of the others. */
  tracedShare: number;
  /** Duration of the authorizer per request. */
  authorizerMs: number;
  /** Share of requests that run the authorizer; the others are public or cached. */
  authorizedShare: number;
  /** Retention of logs whose group has none. */
  retentionDays: number;
}

export const assumptions: Assumptions = {
  responseKb: 10,
  logKb: 0.5,
  webAclLogKb: 1.5,
  tracedShare: 0.05,
  authorizerMs: 100,
  authorizedShare: 1,
  retentionDays: 90,
};

export interface CostLine {
  /** What is charged. */
  item: string;
  count: number;
  /** USD per month, or USD per million requests. */
  amount: number;
}

export interface Cost {
  region: string;
  /** Date of the price table, ISO. */
  date: string;
  currency: string;
  /** Per month, without traffic. */
  fixed: CostLine[];
  fixedMonthly: number;
  /** Per million requests. */
  usage: CostLine[];
  perMillionRequests: number;
  /** Items without a known price, and the assumptions. */
  notes: string[];
}

export interface CostedResource {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

type Fixed = (
  inputs: Record<string, unknown>,
  prices: Prices,
) => { item: string; amount: number | undefined; count?: number }[];

const hours = (prices: Prices, hour: number | undefined) =>
  hour === undefined ? undefined : hour * prices.hoursPerMonth;
const hourly = (item: string, priceOf: (prices: Prices) => number): Fixed => {
  return (_inputs, prices) => [{ item, amount: hours(prices, priceOf(prices)) }];
};
const monthly = (item: string, priceOf: (prices: Prices) => number): Fixed => {
  return (_inputs, prices) => [{ item, amount: priceOf(prices) }];
};

/** Charges by resource type that do not depend on traffic. */
const FIXED: Record<string, Fixed> = {
  "aws:lb/loadBalancer:LoadBalancer": hourly("Network Load Balancer", (p) => p.networkLoadBalancer.hour),
  "aws:ec2/natGateway:NatGateway": hourly("NAT gateway", (p) => p.natGatewayHour),
  "aws:ec2/eip:Eip": hourly("public IPv4 address", (p) => p.publicIpv4Hour),
  "aws:secretsmanager/secret:Secret": monthly("secret", (p) => p.secretMonth),
  "aws:cloudwatch/metricAlarm:MetricAlarm": monthly("alarm", (p) => p.alarmMonth),
  "aws:cloudwatch/dashboard:Dashboard": monthly("dashboard", (p) => p.dashboardMonth),
  "aws:kms/key:Key": monthly("KMS key", (p) => p.kmsKeyMonth),
  "aws:wafv2/webAcl:WebAcl": ({ rules }, { webAcl }) => [
    { item: "web ACL", amount: webAcl.month },
    { item: "web ACL rule", amount: webAcl.ruleMonth, count: toList(rules).length },
  ],
  "aws:apigateway/stage:Stage": ({ cacheClusterEnabled, cacheClusterSize }, prices) => {
    if (cacheClusterEnabled !== true) return [];
    const size = String(cacheClusterSize ?? "0.5");
    const hour = (prices.apiGateway.cacheHour as Record<string, number>)[size];
    return [{ item: `API cache of ${size} GB`, amount: hours(prices, hour) }];
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": ({ vpcEndpointType, subnetIds }, prices) =>
    vpcEndpointType === "Interface"
      ? [
          {
            item: "interface endpoint in a zone",
            amount: hours(prices, prices.interfaceEndpointHour),
            count: Math.max(1, toList(subnetIds).length),
          },
        ]
      : [],
  "awsx:ec2:Vpc": (inputs, { hoursPerMonth, natGatewayHour, publicIpv4Hour }) => {
    const count = natGateways(inputs);
    return [
      { item: "NAT gateway", amount: hoursPerMonth * natGatewayHour, count },
      { item: "public IPv4 address", amount: hoursPerMonth * publicIpv4Hour, count },
    ];
  },
  "aws:ec2/instance:Instance": (inputs, prices) => [instance(inputs, prices, 1)],
};

/** awsx creates its NAT gateways in a plugin, so a recording does not have them. Its default is one per zone. */
function natGateways(inputs: Record<string, unknown>): number {
  const strategy = String(objectAt(inputs, "natGateways")?.strategy ?? "OnePerAz");
  const zones = toList(inputs.availabilityZoneNames).length || Number(inputs.numberOfAvailabilityZones ?? 3);
  return { None: 0, Single: 1 }[strategy] ?? zones;
}

function instance(inputs: Record<string, unknown>, prices: Prices, count: number) {
  const type = stringAt(inputs, "instanceType") ?? "instance of unknown type";
  const hour = (prices.instanceHour as Record<string, number>)[type];
  return { item: `EC2 ${type}`, amount: hours(prices, hour), count };
}

/** Auto Scaling groups cost their desired number of instances; the launch template has the instance type. */
function groupLines(resources: CostedResource[], prices: Prices) {
  const templates = resources.filter(({ type }) => type === "aws:ec2/launchTemplate:LaunchTemplate");
  return resources
    .filter(({ type }) => type === "aws:autoscaling/group:Group")
    .flatMap((group) => {
      const template =
        templates.find(({ name }) => group.name.startsWith(name) || name.startsWith(group.name)) ??
        templates[0];
      const count = Number(group.inputs.desiredCapacity ?? group.inputs.minSize ?? 1);
      const disks = toList(template?.inputs.blockDeviceMappings)
        .filter(isObject)
        .map((mapping) => Number(objectAt(mapping, "ebs")?.volumeSize ?? 8));
      return [
        instance(template?.inputs ?? {}, prices, count),
        ...disks.map((gb) => ({ item: `EBS gp3 disk of ${gb} GB`, amount: gb * prices.gp3GbMonth, count })),
      ];
    });
}

/**
 * Estimates the cost of the resources that a run of the program declared: list prices of one region and day, without free tier or
 * discounts. Instances that the stack does not create are not counted.
 */
export function costOf(
  resources: CostedResource[],
  options: { region?: string; prices?: Prices; assumptions?: Partial<Assumptions> } = {},
): Cost {
  const prices = options.prices ?? defaultPrices;
  const assumed = { ...assumptions, ...options.assumptions };
  const found = [
    ...resources.flatMap(({ type, inputs }) => FIXED[type]?.(inputs, prices) ?? []),
    ...groupLines(resources, prices),
  ];
  const unpriced = found.filter(({ amount }) => amount === undefined).map(({ item }) => item);
  const fixed = merge(found);
  const usage = usageLines(resources, prices, assumed);
  return {
    region: prices.region,
    date: prices.date,
    currency: prices.currency,
    fixed,
    fixedMonthly: total(fixed),
    usage,
    perMillionRequests: total(usage),
    notes: [
      ...notIncluded(resources, prices),
      ...[...new Set(unpriced)].map((item) => `no price is known for ${item}; the sum excludes it`),
      ...(options.region && options.region !== prices.region
        ? [`prices are those of ${prices.region}, the stack is in ${options.region}`]
        : []),
      `assumes ${assumed.responseKb} KB per response, ${assumed.authorizerMs} ms of authorizer for ${assumed.authorizedShare * 100} % of requests, ${assumed.logKb} KB of access log per request`,
    ],
  };
}

/** Charges that depend on which methods are called and on how much is stored or sent elsewhere. */
function notIncluded(resources: CostedResource[], prices: Prices): string[] {
  const has = (pattern: RegExp) => resources.some(({ type }) => pattern.test(type));
  const detailed = resources.some(({ inputs }) => objectAt(inputs, "settings")?.metricsEnabled === true);
  // Each method of a definition has one; parsing all definitions again would take longer than the rest of the estimate.
  const methods = resources.reduce(
    (count, { inputs: { body } }) => count + String(body ?? "").split(`"${INTEGRATION}"`).length - 1,
    0,
  );
  const metrics = (methods * METRICS_OF_A_METHOD * prices.metricMonth).toFixed(2);
  return [
    ...(detailed && methods > 0
      ? [
          `detailed metrics add up to ${metrics} a month: ${prices.metricMonth} per metric, ${METRICS_OF_A_METHOD} metrics per method that is called`,
        ]
      : []),
    ...(has(/^awsx:ec2:Vpc$|:NatGateway$/)
      ? [`data through a NAT gateway adds ${prices.natGatewayGb} per GB, responses of partners among it`]
      : []),
    ...(has(/^aws:s3\/bucket(V2)?:/) ? ["S3 storage and requests are not included"] : []),
  ];
}

/** 4XXError, 5XXError, Count, Latency, IntegrationLatency: developer guide, "Amazon API Gateway dimensions and metrics". */
const METRICS_OF_A_METHOD = 5;

function merge(found: { item: string; amount: number | undefined; count?: number }[]): CostLine[] {
  const lines = new Map<string, CostLine>();
  for (const { item, amount, count = 1 } of found) {
    if (amount === undefined || count === 0) continue;
    const line = lines.get(item) ?? { item, count: 0, amount: 0 };
    line.count += count;
    line.amount += amount * count;
    lines.set(item, line);
  }
  return [...lines.values()].map((line) => ({ ...line, amount: cents(line.amount) }));
}

/** With a filter it logs only some requests, usually the blocked ones. */
const WEB_ACL_LOG = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";
const GB_PER_MILLION_KB = 1_000_000 / 1024 / 1024;

function usageLines(resources: CostedResource[], prices: Prices, assumed: Assumptions): CostLine[] {
  const has = (type: string) => resources.some((resource) => resource.type === type);
  if (!has("aws:apigateway/restApi:RestApi")) return [];
  const responseGb = assumed.responseKb * GB_PER_MILLION_KB;
  const { capacityUnitHour, capacityUnitGb } = prices.networkLoadBalancer;
  const authorizer = authorizerOf(resources);
  const stages = resources.filter(({ type }) => type === "aws:apigateway/stage:Stage");
  const logGbPrice =
    prices.logs.gbIngested + (prices.logs.gbMonthStored * retention(resources, assumed)) / 30;
  const amounts: Record<string, number | false | undefined> = {
    "API Gateway requests": prices.apiGateway.perMillionRequests,
    "data transfer out": responseGb * prices.dataTransferOutGb,
    "load balancer capacity units":
      has("aws:lb/loadBalancer:LoadBalancer") && (responseGb / capacityUnitGb) * capacityUnitHour,
    "web ACL requests":
      has("aws:wafv2/webAclAssociation:WebAclAssociation") && prices.webAcl.perMillionRequests,
    authorizer: authorizer && authorizerCost(authorizer, prices, assumed),
    "access log":
      stages.some(({ inputs }) => inputs.accessLogSettings !== undefined) &&
      assumed.logKb * GB_PER_MILLION_KB * logGbPrice,
    "web ACL log":
      resources.some(({ type, inputs }) => type === WEB_ACL_LOG && inputs.loggingFilter === undefined) &&
      assumed.webAclLogKb * GB_PER_MILLION_KB * logGbPrice,
    "X-Ray traces":
      stages.some(({ inputs }) => inputs.xrayTracingEnabled === true) &&
      assumed.tracedShare * prices.xrayTracesPerMillion,
  };
  return Object.entries(amounts).flatMap(([item, amount]) =>
    typeof amount === "number" ? [{ item, count: 1, amount: cents(amount) }] : [],
  );
}

/** The authorizers of all levels cost the same: one bundle with different settings. */
const authorizerOf = (resources: CostedResource[]) =>
  resources.find(({ type, name }) => type === "aws:lambda/function:Function" && name.includes("authorizer"));

function authorizerCost({ inputs }: CostedResource, prices: Prices, assumed: Assumptions): number {
  const memoryGb = Number(inputs.memorySize ?? 128) / 1024;
  const architecture = toList(inputs.architectures)[0] === "arm64" ? "arm64" : "x86_64";
  const seconds = assumed.authorizerMs / 1000;
  const perMillion =
    prices.lambda.perMillionRequests + 1_000_000 * seconds * memoryGb * prices.lambda.gbSecond[architecture];
  return perMillion * assumed.authorizedShare;
}

function retention(resources: CostedResource[], assumed: Assumptions): number {
  const group = resources.find(
    ({ type, inputs }) => type === "aws:cloudwatch/logGroup:LogGroup" && Number(inputs.retentionInDays) > 0,
  );
  return Number(group?.inputs.retentionInDays ?? assumed.retentionDays);
}

const total = (lines: CostLine[]) => cents(lines.reduce((sum, { amount }) => sum + amount, 0));
const cents = (amount: number) => Math.round(amount * 100) / 100;
