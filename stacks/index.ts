import { isAbsolute } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Backend } from "../components/backends/backend";
import type { TargetWaits } from "../components/backends/target-waits";
import { CustomDomain } from "../components/edge/custom-domain";
import { Alarms } from "../components/operations/alarms";
import { KeepAlive } from "../components/operations/keep-alive";
import { ReleaseArchive } from "../components/operations/release-archive";
import { ApiService } from "../components/rest-api/api-service";
import { createNetwork, type Network } from "../components/stage/network";
import { Stage } from "../components/stage/stage";
import { buildFunctions, type FunctionBundles } from "../functions/build";
import { projectRoot } from "../lib/project-root";
import type { CompileTargets } from "../openapi";
import { type Api, compileApis, healthRouteOf } from "./apis";
import { instancesOf } from "./backends";
import { currentCommit } from "./commit";
import { named } from "./named";
import { type DeclaredService, type Outputs, outputsOf } from "./outputs";
import { setPermissionsBoundary } from "./permissions-boundary";
import { readSettings } from "./read";
import { report } from "./report";
import { corsHeaders, createRetired } from "./retired";
import { addressesOf, type Settings } from "./settings";
import { describeTargets, targetWaits } from "./wait-for-targets";

/** Declares one stage: everything between the domain names of its APIs and the ports of their services. */
export function gateway(): Outputs {
  const root = rootDirectory();
  const settings = readSettings(root);
  const { apis, backends: plan, findings } = compileApis(settings, root);
  report(findings);
  if (settings.permissionsBoundary) setPermissionsBoundary(settings.permissionsBoundary);
  const bundles = buildFunctions();
  const network = networkOf(settings);

  const stage = createStage(settings, apis, network, bundles);
  const { backends, outputs } = plan.create({ ...settings, stage, network });
  const domains = createDomains(settings);
  const waits = createTargetWaits(settings);
  const services = apis.map((api) => ({
    api,
    service: createService(settings, stage, api, backends, domains, waits),
  }));
  const retired = createRetired(settings, stage, domains);
  createKeepAlive(settings, stage, bundles, services);
  createAlarms(settings, stage, services);
  return { ...outputsOf(settings, stage, services, retired), ...outputs, ...createReleaseArchive(settings) };
}

/** The folder of Pulumi.yaml, the stack files and the specs. A CLI that does not say it has the program there too. */
function rootDirectory(): string {
  const root = pulumi.getRootDirectory();
  return isAbsolute(root) ? root : projectRoot;
}

function createReleaseArchive({
  stage,
  releases,
  logRetentionDays,
  protect,
  tags,
}: Settings): Pick<Outputs, "releaseArchive"> {
  if (!releases) return {};
  const { bucket } = new ReleaseArchive(`${stage}-releases`, {
    ...releases,
    logRetentionDays,
    protect,
    tags,
  });
  return { releaseArchive: bucket.bucket };
}

function createStage(settings: Settings, apis: Api[], network: Network, bundles: FunctionBundles): Stage {
  return new Stage(settings.stage, {
    network,
    services: settings.services.map((service) => ({ name: service.name, instances: instancesOf(service) })),
    allow: settings.allow,
    rateLimit: settings.rateLimit,
    tokenHeaders: apis.flatMap(({ tokenHeaders }) => tokenHeaders),
    identity: settings.identity,
    levels: settings.levels,
    bundles,
    authorizerCacheSeconds: settings.authorizerCacheSeconds,
    cors: corsHeaders(settings.cors),
    redirects: Object.fromEntries(settings.retired.map(({ name, redirectTo }) => [name, redirectTo])),
    authorizerConcurrency: settings.authorizers?.reservedConcurrency,
    ownsAccount: settings.ownsAccount,
    protect: settings.protect,
    logRetentionDays: settings.logRetentionDays,
    tags: settings.tags,
  });
}

function networkOf({ stage, network, tags }: Settings): Network {
  const { vpcId, zones, create } = network;
  if (create) return createNetwork(stage, { ...create, tags });
  return {
    vpcId: vpcId ?? "",
    zones: (zones ?? []).map((zone) => ({
      name: zone.subnetId,
      subnetId: zone.subnetId,
      addresses: addressesOf(zone),
    })),
  };
}

/** One per distinct name: services can share a domain. Named like the first service that has it. */
function createDomains({ domain, services, retired, protect, tags }: Settings): Map<string, CustomDomain> {
  const apis = [...services, ...retired];
  if (apis.length === 0) return new Map();
  const { zoneId } = aws.route53.getZoneOutput({ name: domain, privateZone: false });
  return new Map(
    [...new Set(apis.map((api) => api.domain))].map((name) => [
      name,
      new CustomDomain(name, { domain: name, zone: domain, zoneId, protect, tags }),
    ]),
  );
}

function createService(
  settings: Settings,
  stage: Stage,
  api: Api,
  backends: ReadonlyMap<string, Backend>,
  domains: ReadonlyMap<string, CustomDomain>,
  waits?: TargetWaits,
): ApiService {
  const { name, port, basePath, deployment, domain, throttle } = api.service;
  const { keepDeployments, logRetentionDays, tags } = settings;
  return new ApiService(name, {
    stage,
    upstream: { edge: stage.edgeOf(name), port, backend: named(backends, name), waits },
    definition: pulumi.output(targetsOf(stage, settings)).apply((targets) => api.definition(targets)),
    domain: named(domains, domain),
    basePath,
    pinnedDeployment: deployment,
    throttle,
    commit: currentCommit(projectRoot),
    keepDeployments,
    logRetentionDays,
    tags,
  });
}

/** Only for the engine: a recording has no targets to wait for. */
function createTargetWaits({ targetWaitMinutes }: Settings): TargetWaits | undefined {
  if (targetWaitMinutes === 0 || !pulumi.runtime.hasEngine()) return undefined;
  return targetWaits({ describe: describeTargets, pollMs: 5_000, limitMs: targetWaitMinutes * 60_000 });
}

/** The functions that a definition names, by what API Gateway calls them by. */
function targetsOf({ functions }: Stage, { authorizerCacheSeconds }: Settings): pulumi.Input<CompileTargets> {
  const authorizers = Object.entries(functions.authorizers).map(([level, { invokeArn }]) => [
    level,
    { uri: invokeArn, ttlSeconds: authorizerCacheSeconds },
  ]);
  return pulumi.all({
    authorizers: Object.fromEntries(authorizers),
    notFound: { uri: functions.notFound.invokeArn },
    invokeRole: functions.invokeRoleArn,
  }) as pulumi.Output<CompileTargets>;
}

function createKeepAlive(
  { keepAlive, alarms, logRetentionDays, tags }: Settings,
  stage: Stage,
  bundles: FunctionBundles,
  services: DeclaredService[],
): void {
  if (!keepAlive) return;
  const targets = services.flatMap(({ api, service }) => {
    const route = healthRouteOf(api);
    return route ? [{ service: api.service.name, url: pulumi.interpolate`${service.url}${route.path}` }] : [];
  });
  new KeepAlive(`${stage.name}-keep-alive`, {
    alarmTopicArn: alarms?.topicArn,
    ...keepAlive,
    stage: stage.name,
    bundle: bundles.keepAlive,
    layer: stage.functions.layer.arn,
    targets,
    logRetentionDays,
    tags,
  });
}

function createAlarms({ alarms, tags }: Settings, stage: Stage, services: DeclaredService[]): void {
  if (!alarms) return;
  new Alarms(`${stage.name}-alarms`, {
    stage: stage.name,
    topicArn: alarms.topicArn,
    authorizers: stage.functions.authorizers,
    apis: Object.fromEntries(services.map(({ api, service }) => [api.service.name, service])),
    tags,
  });
}
