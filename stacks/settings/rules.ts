import { place } from "../../components/stage/placement";
import { nearest } from "../../lib/nearest";
import { serviceDomain } from "./domain";
import type { Path } from "./problems";

/** A rule between several settings that one configuration breaks. */
export interface Broken {
  path: Path;
  accepted: string;
}

export interface Stack {
  stack: string;
  production: boolean;
}

type Loose = Record<string, unknown>;
const map = (value: unknown): Loose =>
  value && typeof value === "object" && !Array.isArray(value) ? (value as Loose) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Checks that reach over several keys. Takes the configuration as found, so that a wrong key elsewhere hides nothing. */
export function brokenRules(config: Loose, stack: Stack): Broken[] {
  return [
    ...stackName(stack),
    ...allowList(config, stack),
    ...keepAliveNetwork(config),
    ...zones(config),
    ...levels(config),
    ...services(config, stack),
  ];
}

function stackName({ stack }: Stack): Broken[] {
  return /^[a-z][a-z0-9-]{0,15}$/.test(stack)
    ? []
    : [{ path: ["stack"], accepted: "a stack name of up to 16 of a-z, 0-9 and -, beginning with a letter" }];
}

function allowList(config: Loose, { stack, production }: Stack): Broken[] {
  if (config.allow === undefined) {
    return production
      ? []
      : [
          {
            path: ["allow"],
            accepted: `contact and addresses; only prod is open to everybody, this is ${stack}`,
          },
        ];
  }
  return repeated(list(map(config.allow).addresses), (i) => ["allow", "addresses", i], "each range once");
}

/** A function outside every network calls from addresses that nobody can list. */
function keepAliveNetwork({ allow, keepAlive }: Loose): Broken[] {
  if (allow === undefined || keepAlive === undefined || map(keepAlive).network !== undefined) return [];
  return [
    {
      path: ["keepAlive", "network"],
      accepted:
        "subnetIds and securityGroupIds behind a NAT gateway whose address gateway:allow lists: the web ACL stops the keep-alive otherwise",
    },
  ];
}

function zones(config: Loose): Broken[] {
  const network = map(config.network);
  const given = list(network.zones).map(map);
  const broken: Broken[] = [];
  if (network.vpcId !== undefined && network.zones === undefined)
    broken.push({
      path: ["network", "zones"],
      accepted: "one { subnetId, address? } per availability zone of the VPC",
    });
  if (network.create !== undefined && network.zones !== undefined)
    broken.push({
      path: ["network", "zones"],
      accepted: "nothing next to create: its own zones is the number to make",
    });
  return [
    ...broken,
    ...repeated(
      given.map((zone) => zone.subnetId),
      (i) => ["network", "zones", i, "subnetId"],
      "each subnet once",
    ),
    ...fixedAddresses(given, list(config.services).length),
  ];
}

/** An address is one load balancer's: as many are needed per zone as there are load balancers. */
function fixedAddresses(zones: Loose[], services: number): Broken[] {
  const given = zones.flatMap((zone, i) => [
    ...(zone.address === undefined
      ? []
      : [{ address: zone.address, path: ["network", "zones", i, "address"] }]),
    ...list(zone.addresses).map((address, j) => ({
      address,
      path: ["network", "zones", i, "addresses", j],
    })),
  ]);
  const needed = Math.max(
    1,
    ...place(services, Math.max(1, zones.length)).map((one) => one.loadBalancer + 1),
  );
  return [
    ...repeated(
      given.map(({ address }) => address),
      (i) => given[i]?.path ?? [],
      "each address once",
    ),
    ...zones.flatMap((zone, i): Broken[] => {
      const path = ["network", "zones", i, zone.addresses === undefined ? "address" : "addresses"];
      if (zone.address !== undefined && zone.addresses !== undefined) {
        return [{ path, accepted: "nothing next to address: the list has its place" }];
      }
      const fixed = zone.address === undefined ? list(zone.addresses).length : 1;
      if (fixed === 0 || fixed >= needed) return [];
      return [
        {
          path,
          accepted: `addresses, a list of ${needed}: ${services} services need ${needed} load balancers, each with an address of its own`,
        },
      ];
    }),
  ];
}

/** Source: API Gateway quotas, "Custom authorizers per API": 10. */
const MAX_LEVELS = 10;

function levels(config: Loose): Broken[] {
  const all = map(config.levels);
  const names = Object.keys(all);
  const broken: Broken[] = [];
  if (names.length > MAX_LEVELS) broken.push({ path: ["levels"], accepted: `at most ${MAX_LEVELS} levels` });
  for (const name of names) {
    list(map(all[name]).includes).forEach((included, i) => {
      const path: Path = ["levels", name, "includes", i];
      if (typeof included !== "string") return;
      if (!names.includes(included)) broken.push({ path, accepted: oneOf(included, names) });
      else if (reaches(all, included, name))
        broken.push({ path, accepted: `a level that does not itself include ${name}` });
    });
  }
  return broken;
}

function reaches(all: Loose, from: string, to: string, seen = new Set<string>()): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return list(map(all[from]).includes).some(
    (next) => typeof next === "string" && reaches(all, next, to, seen),
  );
}

function services(config: Loose, { stack, production }: Stack): Broken[] {
  const all = list(config.services).map(map);
  // A retired API has a name and an address like any other.
  const apis = [...all, ...list(config.retired).map(map)];
  const path = (i: number): Path => (i < all.length ? ["services", i] : ["retired", i - all.length]);
  const zone = typeof config.domain === "string" ? config.domain : undefined;
  const addresses = apis.map((service) => {
    if (typeof service.name !== "string" || zone === undefined) return undefined;
    const domain =
      typeof service.domain === "string"
        ? service.domain
        : serviceDomain(service.name, zone, { stack, production });
    return `${domain}/${typeof service.basePath === "string" ? service.basePath : ""}`;
  });
  const access = ["public", ...Object.keys(map(config.levels))];
  return [
    ...repeated(
      apis.map(({ name }) => name),
      (i) => [...path(i), "name"],
      "a name that no other service has",
    ),
    ...repeated(
      all.map(({ port }) => port),
      (i) => ["services", i, "port"],
      "a port that no other service has",
    ),
    ...repeated(addresses, path, "a domain and basePath that no other service has", (i) => apis[i]?.name),
    ...apis.flatMap((api, i) => ownDomain(api, path(i), zone)),
    ...all.flatMap((service, i) => accessLevels(service, i, access)),
    ...all.flatMap((service, i) =>
      repeated(
        list(map(service.backend).instances),
        (j) => ["services", i, "backend", "instances", j],
        "each instance once",
      ),
    ),
  ];
}

function ownDomain({ domain }: Loose, path: Path, zone: string | undefined): Broken[] {
  if (typeof domain !== "string" || zone === undefined || domain.endsWith(`.${zone}`)) return [];
  return [
    { path: [...path, "domain"], accepted: `a name that ends in .${zone}, the zone of gateway:domain` },
  ];
}

function accessLevels(service: Loose, i: number, levelNames: string[]): Broken[] {
  const access = map(service.access);
  const given: [Path, unknown][] = [
    [["services", i, "access", "default"], access.default],
    ...Object.entries(map(access.rules)).map(([route, level]): [Path, unknown] => [
      ["services", i, "access", "rules", route],
      level,
    ]),
  ];
  return given
    .filter(([, level]) => typeof level === "string" && !levelNames.includes(level))
    .map(([path, level]) => ({ path, accepted: oneOf(String(level), levelNames) }));
}

function oneOf(word: string, names: string[]): string {
  const close = nearest(word, names);
  return `${close ? `did you mean ${close}? ` : ""}one of ${names.join(", ")}`;
}

/** A problem for each value that an earlier one of the list equals. */
function repeated(
  values: unknown[],
  path: (i: number) => Path,
  accepted: string,
  label?: (i: number) => unknown,
): Broken[] {
  const first = new Map<unknown, number>();
  const broken: Broken[] = [];
  values.forEach((value, i) => {
    if (value === undefined) return;
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, i);
    else
      broken.push({
        path: path(i),
        accepted: `${accepted} (${String(label?.(earlier) ?? "")}${label ? ": " : ""}${String(value)} is already at [${earlier}])`,
      });
  });
  return broken;
}
