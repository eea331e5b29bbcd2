import { isIPv4 } from "node:net";
import { renderConfiguration } from "../../../components/backends/psc/nginx";
import { commandDocument, installScript, userData } from "../../../components/backends/psc/nginx/install";
import { type Finding, FindingsError } from "../../../lib/finding";
import { partnerRanges } from "./schema";
import type { PscPlan, PscService } from "./types";

/** What one service's settings get wrong, or what its owner should know. */
export function serviceFindings({ backend, locate }: PscService, production: boolean): Finding[] {
  const { host, port, protocol, proxy, tls, maxBodyMb } = backend;
  const findings: Finding[] = [];
  const add = (level: Finding["level"], rule: string, key: string, message: string) =>
    findings.push({ level, rule, where: locate(key), message });

  if (protocol === "http") {
    const refused = production && backend.plainHttp === undefined;
    add(
      refused ? "error" : "warning",
      "psc-plain-http",
      "protocol",
      `The proxy sends requests to ${host}:${port} unencrypted, tokens included. ${refused ? "Use https, or say in plainHttp why this is acceptable in production" : "Use https as soon as the partner offers it"}.`,
    );
  } else if (isIPv4(host) && tls?.serverName === undefined) {
    // Nginx matches DNS names only: ngx_event_openssl.c, ngx_ssl_check_host.
    add(
      "error",
      "psc-server-name",
      "host",
      `Nginx cannot verify the certificate of ${host} by its address; every request would fail with 502. Set tls.serverName to the name in the certificate, or host to a domain name.`,
    );
  }
  if (proxy === undefined && partnerRanges(backend).length === 0) {
    add(
      "error",
      "psc-addresses",
      "host",
      `The stage's proxies may connect to the partner only, and security groups match IP ranges only. Set addresses to the CIDR ranges that ${host} resolves to.`,
    );
  }
  // Source: API Gateway quotas for REST APIs, "Payload size": 10 MB, cannot be increased.
  if (maxBodyMb > 10) {
    add(
      "info",
      "psc-body-limit",
      "maxBodyMb",
      `API Gateway refuses bodies above 10 MB before they reach the proxy; bodies of up to ${maxBodyMb} MB only arrive if something else calls the proxy.`,
    );
  }
  return findings;
}

/** Instances that belong to two different sets of proxies. */
export function sharedInstances(plans: PscPlan[], services: PscService[]): Finding[] {
  const seen = new Set<string>();
  return plans.flatMap(({ name, instances = [], configuration }) =>
    instances.flatMap((instance): Finding[] => {
      if (!seen.has(instance)) {
        seen.add(instance);
        return [];
      }
      const first = services.find((service) => service.name === configuration.services[0]?.name);
      return [
        {
          level: "error",
          rule: "psc-proxy-shared",
          where: first?.locate("proxy") ?? name,
          message: `${instance} is in two different lists of proxies. Give every service on it the same list.`,
        },
      ];
    }),
  );
}

/** What Nginx, EC2 or Systems Manager would refuse. */
export function planFindings({ name, instances, configuration }: PscPlan): Finding[] {
  try {
    const rendered = renderConfiguration(configuration);
    const logGroup = `/gateway/${name}`;
    const script = installScript({ configuration, rendered, logGroup, installAgent: true });
    if (instances) commandDocument(script, name);
    else userData(script);
    return [];
  } catch (error) {
    const messages =
      error instanceof FindingsError
        ? error.findings.map(({ where, message }) => `${where}: ${message}`)
        : [(error as Error).message];
    return messages.map((message) => ({
      level: "error",
      rule: "psc-configuration",
      where: `proxy ${name}`,
      message,
    }));
  }
}
