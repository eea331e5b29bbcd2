import type { Backend } from "../components/backends/backend";
import { PscProxy } from "../components/backends/psc/psc-proxy";
import { PscProxyInstance } from "../components/backends/psc/psc-proxy-instance";
import type { Network } from "../components/stage/network";
import type { Stage } from "../components/stage/stage";
import type { PscPlan } from "./psc-plan";
import type { Settings } from "./settings";

/** The stage's reverse proxies, as they are declared. */
export interface PscProxies {
  /** By service name. */
  backends: Map<string, Backend>;
  /** The stage's own proxies, if it has any. */
  own?: PscProxy;
}

/** Declares the proxies of the plans, in the stage's network and behind its load balancers. */
export function createPscProxies(
  plans: PscPlan[],
  settings: Settings,
  stage: Stage,
  network: Network,
): PscProxies {
  const proxies: PscProxies = { backends: new Map() };
  for (const plan of plans) {
    const { configuration } = plan;
    const names = configuration.services.map(({ name }) => name);
    const edges = settings.services.flatMap(({ name }, index) =>
      names.includes(name) ? [stage.edge(index)] : [],
    );
    const shared = {
      configuration,
      vpcId: network.vpcId,
      loadBalancers: [...new Set(edges.map(({ loadBalancer }) => loadBalancer))].map(
        ({ securityGroup, addresses }) => ({ securityGroupId: securityGroup.id, addresses }),
      ),
      logRetentionDays: settings.logRetentionDays,
      tags: settings.tags,
    };
    const backendSecurityGroups = new Set(edges.map(({ backendSecurityGroup }) => backendSecurityGroup));
    const proxy = plan.instances
      ? new PscProxyInstance(plan.name, { ...shared, instances: plan.instances })
      : new PscProxy(plan.name, {
          ...shared,
          ...ownSettings(settings, network),
          subnetIds: network.zones.map(({ subnetId }) => subnetId),
          backendSecurityGroupIds: [...backendSecurityGroups].map(({ securityGroup }) => securityGroup.id),
          partners: plan.partners,
        });
    for (const name of names) proxies.backends.set(name, proxy.backend);
    if (proxy instanceof PscProxy) proxies.own = proxy;
  }
  return proxies;
}

function ownSettings({ psc }: Settings, network: Network) {
  const { instanceType, minSize, maxSize, awsEndpoints } = psc;
  return {
    instanceType,
    minSize,
    maxSize,
    awsEndpoints,
    natAddresses: psc.natAddresses ?? network.natAddresses,
  };
}
