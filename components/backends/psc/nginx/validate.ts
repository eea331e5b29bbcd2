import { X509Certificate } from "node:crypto";
import { isIPv4 } from "node:net";
import type { ProxyConfiguration, ProxyMachine, ProxyService, Upstream } from "./configuration";

/** The configuration holds values that cannot be rendered; one line per value. */
export class ConfigurationError extends Error {
  override name = "ConfigurationError";
  constructor(readonly problems: string[]) {
    super(`The reverse proxy's configuration is refused:\n${problems.map((line) => `  ${line}`).join("\n")}`);
  }
}

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const domain = new RegExp(`^(?=.{1,253}$)(${label}\\.)*${label}$`);
const name = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** RFC 3986 path characters without `$`, `;`, `'`, which mean something to Nginx. */
const urlPath = /^(\/[A-Za-z0-9._~!&()*+,=:@%-]*)+$/;
const folder = /^(\/[A-Za-z0-9._-]+)+$/;
const publicUrl = new RegExp(`^https://(?<host>(${label}\\.)+${label})(?<path>(/[A-Za-z0-9._-]+)*)$`);
const pem = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * The values of `configuration` that may not reach a configuration file, one sentence each: where, what was
 * found, what is accepted. Every text is held to an alphabet in which Nginx has no syntax: no white space, no
 * quotes, none of `;{}$#\`. What passes here can be written into the file as it is.
 */
export function configurationProblems(configuration: ProxyConfiguration): string[] {
  const { stage, healthPort, resolvers, services } = configuration;
  const problems: string[] = [];
  const check = (ok: boolean, where: string, found: unknown, accepted: string) => {
    if (!ok) problems.push(`${where}: ${JSON.stringify(found)} is not ${accepted}`);
  };
  check(name.test(stage), "stage", stage, "a name of a-z, 0-9 and -");
  check(isPort(healthPort), "healthPort", healthPort, "a TCP port from 1 to 65535");
  check(resolvers.length > 0, "resolvers", resolvers, "a list of at least one DNS server");
  for (const resolver of resolvers) {
    check(isAddress(resolver), "resolvers", resolver, "an IPv4 address, with or without a port");
  }
  check(services.length > 0, "services", services, "a list of at least one service");
  for (const service of services) {
    serviceProblems(service, (ok, key, found, accepted) =>
      check(ok, `service ${JSON.stringify(service.name)}, ${key}`, found, accepted),
    );
  }
  return [...problems, ...duplicateProblems(configuration)];
}

type Check = (ok: boolean, key: string, found: unknown, accepted: string) => void;

function serviceProblems(service: ProxyService, check: Check): void {
  check(name.test(service.name), "name", service.name, "a name of a-z, 0-9 and -");
  check(isPort(service.port), "port", service.port, "a TCP port from 1 to 65535");
  check(isWithin(service.maxBodyMb, 1, 10_000), "maxBodyMb", service.maxBodyMb, "a number of MB, 1 to 10000");
  check(
    isWithin(service.timeoutMs, 50, 900_000),
    "timeoutMs",
    service.timeoutMs,
    "a time of 50 to 900000 ms",
  );
  check(
    service.publicUrl === undefined || publicUrl.test(service.publicUrl),
    "publicUrl",
    service.publicUrl,
    "an https address such as https://api.example.org or https://api.example.org/v2",
  );
  upstreamProblems(service.upstream, (ok, key, ...rest) => check(ok, `upstream.${key}`, ...rest));
}

function upstreamProblems(upstream: Upstream, check: Check): void {
  const { protocol, host, port, serverName, ca, healthPath } = upstream;
  check(protocol === "https" || protocol === "http", "protocol", protocol, "https or http");
  check(isIPv4(host) || isDomain(host), "host", host, "a domain name in lower case or an IPv4 address");
  check(isPort(port), "port", port, "a TCP port from 1 to 65535");
  check(
    serverName === undefined || isDomain(serverName),
    "serverName",
    serverName,
    "a domain name in lower case",
  );
  check(
    healthPath === undefined || urlPath.test(healthPath),
    "healthPath",
    healthPath,
    "a path such as /status",
  );
  if (protocol === "http") {
    check(serverName === undefined, "serverName", serverName, "for an upstream without TLS");
    check(ca === undefined, "ca", "a CA bundle", "for an upstream without TLS");
  } else if (ca !== undefined) {
    check(
      certificates(ca).length > 0,
      "ca",
      excerpt(ca),
      "a PEM file with at least one readable certificate",
    );
  }
}

function duplicateProblems({ services, healthPort }: ProxyConfiguration): string[] {
  const problems: string[] = [];
  const ports = new Map([[healthPort, "the health endpoints"]]);
  const names = new Set<string>();
  for (const { name: service, port } of services) {
    const taken = ports.get(port);
    if (taken) problems.push(`service ${JSON.stringify(service)}, port: ${port} is taken by ${taken}`);
    ports.set(port, service);
    if (names.has(service)) problems.push(`service ${JSON.stringify(service)}: the name is used twice`);
    names.add(service);
  }
  return problems;
}

/** The same for the machine's folders and address. */
export function machineProblems(machine: ProxyMachine): string[] {
  const folders = [machine.runtime, machine.logs, machine.systemCa].filter((path) => !folder.test(path));
  const address = machine.address !== undefined && !isIPv4(machine.address) ? [machine.address] : [];
  const workers =
    machine.workers !== undefined && !isWithin(machine.workers, 1, 256) ? [machine.workers] : [];
  return [
    ...folders.map(
      (path) => `machine: ${JSON.stringify(path)} is not an absolute path of A-Z, a-z, 0-9 and ._-`,
    ),
    ...address.map((text) => `machine, address: ${JSON.stringify(text)} is not an IPv4 address`),
    ...workers.map((count) => `machine, workers: ${count} is not a number from 1 to 256`),
  ];
}

/** The readable certificates of a PEM text, in their order, without anything between them. */
export function certificates(text: string): X509Certificate[] {
  return (text.match(pem) ?? []).flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return []; // not a certificate inside: OpenSSL would refuse the whole file
    }
  });
}

/** Host and base path of a service's public URL. */
export function publicParts(url: string): { host: string; path: string } {
  const { host = "", path = "" } = publicUrl.exec(url)?.groups ?? {};
  return { host, path };
}

const isPort = (port: number) => isWithin(port, 1, 65535);
const isWithin = (value: number, low: number, high: number) =>
  Number.isInteger(value) && value >= low && value <= high;
/** A last label of digits only would be an address in disguise, e.g. 10.1 for 10.0.0.1. */
const isDomain = (text: string) => domain.test(text) && !/(^|\.)[0-9]+$/.test(text);

function isAddress(text: string): boolean {
  const [address = "", port, ...rest] = text.split(":");
  return (
    isIPv4(address) &&
    rest.length === 0 &&
    (port === undefined || (/^\d+$/.test(port) && isPort(Number(port))))
  );
}

const excerpt = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
