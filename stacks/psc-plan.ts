import { readFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { resolve } from "node:path";
import {
  ConfigurationError,
  certificates,
  type ProxyConfiguration,
  type ProxyService,
  renderConfiguration,
  vpcResolver,
} from "../components/backends/psc/nginx";
import { commandDocument, installScript, userData } from "../components/backends/psc/nginx/install";
import type { PartnerRange } from "../components/backends/psc/psc-proxy";
import type { Finding } from "../openapi";
import type { PscBackendSettings, ServiceSettings, Settings } from "./settings";

/** One set of reverse proxies: the stage's own, or existing instances, and the services they pass on. */
export interface PscPlan {
  name: string;
  /** Ids of existing instances; absent: the stage's own. */
  instances?: string[];
  configuration: ProxyConfiguration;
  partners: PartnerRange[];
}

interface PscService {
  service: ServiceSettings;
  psc: PscBackendSettings;
  /** Place of a key of `backend.psc` for messages. */
  place(...path: string[]): string;
}

const days = 24 * 3600 * 1000;

/**
 * The reverse proxies that a stage's PSC services need, and what is wrong or worth knowing about them. Reads the CA
 * bundles, relative to `root`; declares nothing and throws nothing.
 * @param now for certificates about to expire
 */
export function planPsc(
  settings: Settings,
  root: string,
  now = new Date(),
): { plans: PscPlan[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const services = settings.services.flatMap((service, index): PscService[] =>
    service.backend.psc
      ? [
          {
            service,
            psc: service.backend.psc,
            place: (...path) => settings.place(["services", index, "backend", "psc", ...path]),
          },
        ]
      : [],
  );
  const sets = [...new Set(services.map(({ psc }) => setOf(psc)))];
  const plans = sets.map((set) =>
    planOf(
      set,
      services.filter(({ psc }) => setOf(psc) === set),
    ),
  );
  for (const service of services) findings.push(...serviceFindings(service));
  findings.push(...sharedInstances(plans, services), ...plans.flatMap(planFindings));
  return { plans, findings };

  function planOf(set: string, members: PscService[]): PscPlan {
    const instances = set === "" ? undefined : set.split(" ");
    return {
      name: instances ? `${settings.stage}-psc-${instances[0]}` : `${settings.stage}-psc`,
      ...(instances && { instances }),
      configuration: {
        stage: settings.stage,
        healthPort: settings.psc.healthPort,
        resolvers: [vpcResolver],
        services: members.map(proxyService),
      },
      partners: members.flatMap(({ psc }) => rangesOf(psc).map((cidr) => ({ cidr, port: psc.port }))),
    };
  }

  function proxyService({ service, psc, place }: PscService): ProxyService {
    const { host, port, protocol, tls, healthPath } = psc;
    const ca = protocol === "https" ? readCa(tls?.ca ?? settings.psc.ca, place("tls", "ca")) : undefined;
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
      maxBodyMb: psc.maxBodyMb,
      timeoutMs: longestTimeout(service),
      publicUrl: `https://${service.domain}${service.basePath ? `/${service.basePath}` : ""}`,
    };
  }

  function readCa(path: string | undefined, where: string): string | undefined {
    if (path === undefined) return undefined;
    let text: string;
    try {
      text = readFileSync(resolve(root, path), "utf8");
    } catch {
      findings.push(
        error("psc-ca", where, `The CA bundle ${path} cannot be read; name a PEM file of this project.`),
      );
      return undefined;
    }
    const found = certificates(text);
    if (found.length === 0) {
      findings.push(
        error("psc-ca", where, `${path} has no certificate; it must be a PEM file with at least one.`),
      );
      return undefined;
    }
    for (const { subject, validTo } of found) {
      const left = Math.floor((Date.parse(validTo) - now.getTime()) / days);
      if (left >= 30) continue;
      const expiry = left < 0 ? `expired on ${validTo}` : `expires in ${left} days`;
      findings.push({
        level: "warning",
        rule: "psc-ca-expires",
        where,
        message: `The certificate of ${subject.replaceAll("\n", ", ")} in ${path} ${expiry}: then every request to the partner ends in 502. Ask the partner for the next one and put it beside this one.`,
      });
    }
    return text;
  }

  function sharedInstances(all: PscPlan[], members: PscService[]): Finding[] {
    const owner = new Map<string, string>();
    return all.flatMap(({ name, instances = [], configuration }) =>
      instances.flatMap((instance) => {
        const taken = owner.get(instance);
        owner.set(instance, name);
        const place = members.find(({ service }) => service.name === configuration.services[0]?.name)?.place;
        return taken
          ? [
              error(
                "psc-proxy-shared",
                place?.("proxy") ?? name,
                `${instance} is a proxy of two different lists of instances; give every service on it the same list.`,
              ),
            ]
          : [];
      }),
    );
  }
}

function serviceFindings({ psc, place }: PscService): Finding[] {
  const findings: Finding[] = [];
  if (psc.protocol === "http") {
    findings.push({
      level: "warning",
      rule: "psc-plain-http",
      where: place("protocol"),
      message: `Requests go from the proxy to ${psc.host}:${psc.port} in clear, tokens included. Use https as soon as the partner offers it.`,
    });
  }
  if (psc.protocol === "https" && isIPv4(psc.host) && psc.tls?.serverName === undefined) {
    findings.push(
      error(
        "psc-server-name",
        place("host"),
        // Nginx compares the certificate's DNS names only: ngx_event_openssl.c, ngx_ssl_check_host.
        `The certificate of ${psc.host} cannot be verified by an address: every request would end in 502. Give the name in the certificate as tls.serverName, or the machine by its name.`,
      ),
    );
  }
  if (psc.proxy === undefined && rangesOf(psc).length === 0) {
    findings.push(
      error(
        "psc-addresses",
        place("host"),
        `The stage's own proxies may call nothing but the partner, and a security group knows addresses only: give addresses, the ranges in which ${psc.host} is and will be.`,
      ),
    );
  }
  if (psc.maxBodyMb > 10) {
    findings.push({
      level: "info",
      rule: "psc-body-limit",
      where: place("maxBodyMb"),
      // Source: API Gateway quotas for REST APIs, "Payload size": 10 MB, cannot be increased.
      message: `API Gateway refuses bodies above 10 MB before the proxy sees them; ${psc.maxBodyMb} MB is reached only by another way.`,
    });
  }
  return findings;
}

/** What Nginx, EC2 or Systems Manager would refuse. */
function planFindings({ name, instances, configuration }: PscPlan): Finding[] {
  try {
    const rendered = renderConfiguration(configuration);
    const script = installScript({
      configuration,
      rendered,
      logGroup: `/gateway/${name}`,
      installAgent: true,
    });
    if (instances) commandDocument(script, name);
    else userData(script);
    return [];
  } catch (failure) {
    const problems = failure instanceof ConfigurationError ? failure.problems : [(failure as Error).message];
    return problems.map((problem) => error("psc-configuration", `proxy ${name}`, problem));
  }
}

const setOf = (psc: PscBackendSettings) => instancesOf(psc).join(" ");

/** Ids of a backend's existing proxies, each once. */
export const instancesOf = ({ proxy = [] }: PscBackendSettings) => [...new Set([proxy].flat())].sort();

const rangesOf = ({ addresses, host }: PscBackendSettings) =>
  addresses ?? (isIPv4(host) ? [`${host}/32`] : []);

/** API Gateway's own timeout where none is set. */
const longestTimeout = ({ timeoutMs }: ServiceSettings) =>
  Math.max(timeoutMs?.default ?? 29_000, ...Object.values(timeoutMs?.rules ?? {}));

const error = (rule: string, where: string, message: string): Finding => ({
  level: "error",
  rule,
  where,
  message,
});
