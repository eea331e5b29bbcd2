import { X509Certificate } from "node:crypto";
import { isIPv4 } from "node:net";
import { DOMAIN_LABEL, isHostName, isPort } from "../../../../lib/domain-name";
import type { Finding } from "../../../../lib/finding";
import type { ProxyConfiguration, ProxyMachine, ProxyService, Upstream } from "./configuration";

const name = new RegExp(`^${DOMAIN_LABEL}$`);
/** RFC 3986 path characters without `$`, `;` and `'`, which Nginx's syntax uses. */
const urlPath = /^(\/[A-Za-z0-9._~!&()*+,=:@%-]*)+$/;
const folder = /^(\/[A-Za-z0-9._-]+)+$/;
const publicUrl = new RegExp(
  `^https://(?<host>(${DOMAIN_LABEL}\\.)+${DOMAIN_LABEL})(?<path>(/[A-Za-z0-9._-]+)*)$`,
);
const pem = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

const PORT = "a TCP port from 1 to 65535";
const NAME = "a name of a-z, 0-9 and -";
const HOST_NAME = "a domain name in lower case";

type Check = (ok: boolean, where: string, found: unknown, accepted: string) => void;

/**
 * The values that must not reach Nginx's configuration files. Each text is limited to characters without meaning in
 * Nginx's syntax: no white space, no quotes, none of `;{}$#\`. What passes here can be written as it is.
 */
export function configurationFindings(configuration: ProxyConfiguration, machine: ProxyMachine): Finding[] {
  const findings: Finding[] = [];
  const check: Check = (ok, where, found, accepted) => {
    const shown = JSON.stringify(found);
    const message = `${shown} is not ${accepted}`;
    if (!ok)
      findings.push({ level: "error", rule: "proxy-configuration", where, message, found: shown, accepted });
  };
  const { stage, healthPort, resolvers, services } = configuration;
  check(name.test(stage), "stage", stage, NAME);
  check(isPort(healthPort), "healthPort", healthPort, PORT);
  check(resolvers.length > 0, "resolvers", resolvers, "a list of at least one DNS server");
  for (const resolver of resolvers) {
    check(isResolver(resolver), "resolvers", resolver, "an IPv4 address, with or without a port");
  }
  check(services.length > 0, "services", services, "a list of at least one service");
  for (const service of services) {
    checkService(service, (ok, key, ...rest) =>
      check(ok, `service ${JSON.stringify(service.name)}, ${key}`, ...rest),
    );
  }
  checkDuplicates(configuration, check);
  // The machine's folders contain the stage's name.
  if (name.test(stage)) checkMachine(machine, check);
  return findings;
}

function checkService(
  { name: service, port, upstream, maxBodyMb, timeoutMs, publicUrl: url }: ProxyService,
  check: Check,
) {
  check(name.test(service), "name", service, NAME);
  check(isPort(port), "port", port, PORT);
  check(isWithin(maxBodyMb, 1, 10_000), "maxBodyMb", maxBodyMb, "a number of MB, 1 to 10000");
  check(isWithin(timeoutMs, 50, 900_000), "timeoutMs", timeoutMs, "a time of 50 to 900000 ms");
  check(
    url === undefined || publicUrl.test(url),
    "publicUrl",
    url,
    "an https URL such as https://api.example.org or https://api.example.org/v2",
  );
  checkUpstream(upstream, (ok, key, ...rest) => check(ok, `upstream.${key}`, ...rest));
}

function checkUpstream(upstream: Upstream, check: Check): void {
  const { protocol, host, port, serverName, ca, healthPath } = upstream;
  check(protocol === "https" || protocol === "http", "protocol", protocol, "https or http");
  check(isIPv4(host) || isHostName(host), "host", host, `${HOST_NAME} or an IPv4 address`);
  check(isPort(port), "port", port, PORT);
  check(serverName === undefined || isHostName(serverName), "serverName", serverName, HOST_NAME);
  check(
    healthPath === undefined || urlPath.test(healthPath),
    "healthPath",
    healthPath,
    "a path such as /status",
  );
  if (protocol === "http") {
    check(serverName === undefined, "serverName", serverName, "allowed for an upstream without TLS");
    check(ca === undefined, "ca", "a CA bundle", "allowed for an upstream without TLS");
  } else if (ca !== undefined) {
    const excerpt = ca.length > 60 ? `${ca.slice(0, 60)}…` : ca;
    check(certificates(ca).length > 0, "ca", excerpt, "a PEM file with at least one readable certificate");
  }
}

function checkDuplicates({ services, healthPort }: ProxyConfiguration, check: Check): void {
  const ports = new Map([[healthPort, "the health endpoint"]]);
  const names = new Set<string>();
  for (const { name: service, port } of services) {
    const other = ports.get(port);
    check(!other, `service ${JSON.stringify(service)}, port`, port, `a free port: ${other} has it`);
    ports.set(port, service);
    check(
      !names.has(service),
      `service ${JSON.stringify(service)}, name`,
      service,
      "a name that no other service has",
    );
    names.add(service);
  }
}

function checkMachine({ runtime, logs, systemCa, address, workers }: ProxyMachine, check: Check): void {
  for (const path of [runtime, logs, systemCa]) {
    check(folder.test(path), "machine", path, "an absolute path of A-Z, a-z, 0-9 and ._-");
  }
  check(address === undefined || isIPv4(address), "machine, address", address, "an IPv4 address");
  check(
    workers === undefined || isWithin(workers, 1, 256),
    "machine, workers",
    workers,
    "a number from 1 to 256",
  );
}

/** The readable certificates of a PEM text, in order, without what is between them. */
export function certificates(text: string): X509Certificate[] {
  return (text.match(pem) ?? []).flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return []; // not a certificate: OpenSSL would refuse the whole file
    }
  });
}

/** Host and base path of a service's public URL. */
export function publicParts(url: string): { host: string; path: string } {
  const { host = "", path = "" } = publicUrl.exec(url)?.groups ?? {};
  return { host, path };
}

const isWithin = (value: number, low: number, high: number) =>
  Number.isInteger(value) && value >= low && value <= high;

function isResolver(text: string): boolean {
  const [address = "", port, ...rest] = text.split(":");
  return (
    isIPv4(address) &&
    rest.length === 0 &&
    (port === undefined || (/^\d+$/.test(port) && isPort(Number(port))))
  );
}
