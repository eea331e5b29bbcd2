import { PscProxy } from "../../../components/backends/psc/psc-proxy";
import { PscProxyInstance } from "../../../components/backends/psc/psc-proxy-instance";
import type { BackendStage, CreatedBackends } from "../kind";
import type { PscSettings } from "./schema";
import type { PscPlan } from "./types";

/** Declares the planned proxies. @public because ./index loads it with require */
export function createProxies(plans: PscPlan[], settings: PscSettings, on: BackendStage): CreatedBackends {
  const created: CreatedBackends = { backends: new Map() };
  for (const plan of plans) {
    const { configuration, instances } = plan;
    const proxy = instances
      ? new PscProxyInstance(plan.name, { ...sharedArgs(plan, on), instances })
      : createManagedProxy(plan, settings, on);
    for (const { name } of configuration.services) created.backends.set(name, proxy.backend);
    if (proxy instanceof PscProxy) created.outputs = { psc: { partnerAdmits: proxy.partnerAdmits } };
  }
  return created;
}

function createManagedProxy(plan: PscPlan, settings: PscSettings, on: BackendStage): PscProxy {
  const { instanceType, minSize, maxSize, awsEndpoints, natAddresses } = settings;
  const groups = new Set(edgesOf(plan, on).map(({ backendSecurityGroup }) => backendSecurityGroup));
  return new PscProxy(plan.name, {
    ...sharedArgs(plan, on),
    vpcId: on.network.vpcId,
    instanceType,
    minSize,
    maxSize,
    awsEndpoints,
    natAddresses: natAddresses ?? on.network.natAddresses,
    subnetIds: on.network.zones.map(({ subnetId }) => subnetId),
    backendSecurityGroupIds: [...groups].map(({ securityGroup }) => securityGroup.id),
    partners: plan.partners,
  });
}

function sharedArgs(plan: PscPlan, { logRetentionDays, tags }: BackendStage) {
  return { configuration: plan.configuration, logRetentionDays, tags };
}

const edgesOf = ({ configuration }: PscPlan, { stage }: BackendStage) =>
  configuration.services.map(({ name }) => stage.edgeOf(name));
