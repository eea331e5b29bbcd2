import { type ProxyService, vpcResolver } from "../../../components/backends/psc/nginx";
import type { Finding } from "../../../lib/finding";
import type { BackendContext } from "../kind";
import { readCaBundle } from "./ca-bundle";
import { planFindings, serviceFindings, sharedInstances } from "./findings";
import { partnerRanges, proxiesOf } from "./schema";
import type { PscPlan, PscService } from "./types";

/**
 * The reverse proxies that a stage's PSC services need, and the findings about them. Reads the CA bundles.
 * @param now the date against which certificates expire
 */
export function planPsc(
  services: PscService[],
  context: BackendContext,
  now = new Date(),
): { plans: PscPlan[]; findings: Finding[] } {
  const sets = new Map<string, PscService[]>();
  for (const service of services) {
    const key = proxiesOf(service.backend).join(" ");
    sets.set(key, [...(sets.get(key) ?? []), service]);
  }
  const planned = [...sets.values()].map((members) => planOf(members, context, now));
  const plans = planned.map(({ plan }) => plan);
  return {
    plans,
    findings: [
      ...planned.flatMap(({ findings }) => findings),
      ...services.flatMap((service) => serviceFindings(service, context.production)),
      ...sharedInstances(plans, services),
      ...plans.flatMap(planFindings),
    ],
  };
}

/** The plan of the services on one set of proxies. */
function planOf(members: PscService[], { stage, root, psc }: BackendContext, now: Date) {
  const instances = members[0] ? proxiesOf(members[0].backend) : [];
  const bundles = members.map((member) => readCaBundle(member, psc.ca, root, now));
  const plan: PscPlan = {
    name: [stage, "psc", ...instances.slice(0, 1)].join("-"),
    ...(instances.length > 0 && { instances }),
    configuration: {
      stage,
      healthPort: psc.healthPort,
      resolvers: [vpcResolver],
      services: members.map((member, index) => proxyService(member, bundles[index]?.text)),
    },
    partners: members.flatMap(({ backend }) =>
      partnerRanges(backend).map((cidr) => ({ cidr, port: backend.port })),
    ),
  };
  return { plan, findings: bundles.flatMap(({ findings }) => findings) };
}

function proxyService(service: PscService, ca: string | undefined): ProxyService {
  const { host, port, protocol, tls, healthPath, maxBodyMb } = service.backend;
  return {
    name: service.name,
    port: service.port,
    upstream: {
      protocol,
      host,
      port,
      healthPath,
      ...(tls?.serverName && { serverName: tls.serverName }),
      ...(ca && { ca }),
    },
    maxBodyMb,
    timeoutMs: longestTimeout(service),
    publicUrl: `https://${service.domain}${service.basePath ? `/${service.basePath}` : ""}`,
  };
}

/** Without a setting, API Gateway's default of 29 seconds. */
const longestTimeout = ({ timeoutMs }: PscService) =>
  Math.max(timeoutMs?.default ?? 29_000, ...Object.values(timeoutMs?.rules ?? {}));
