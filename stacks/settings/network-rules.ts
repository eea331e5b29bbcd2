import { assignLoadBalancers } from "../../components/stage/assignment";
import { coverage, parseRange } from "../../lib/cidr";
import { arrayAt, asObject, isObject, type JsonObject, prop } from "../../lib/json";
import type { SettingsIssue, SettingsPath } from "../../lib/settings-issues";
import { SHORTEST_PREFIX } from "./fields";
import { repeated, type Stack } from "./issues";

/** Share of an address family beyond which an allow list does not keep anybody out. */
const MAX_COVERAGE = 1 / 16;

/** Rules for the addresses and subnets of a stage. */
export function networkIssues(config: JsonObject, stack: Stack): SettingsIssue[] {
  return [...allowList(config, stack), ...keepAliveNetwork(config), ...zones(config)];
}

function allowList(config: JsonObject, { stack, production }: Stack): SettingsIssue[] {
  if (config.allow === undefined && !production) {
    return [
      {
        path: ["allow"],
        accepted: `contact and addresses; only production is open to everybody, and ${stack} is not (see gateway:production)`,
      },
    ];
  }
  const addresses = arrayAt(config.allow, "addresses").map(String);
  return [
    ...repeated(
      addresses.map((range) => parseRange(range)?.text ?? range),
      (i) => ["allow", "addresses", i],
      "each range once",
    ),
    ...(["ipv4", "ipv6"] as const).flatMap((family) => openTo(addresses, family)),
  ];
}

/** Ranges that are harmless one by one can add up to everybody. */
function openTo(addresses: string[], family: "ipv4" | "ipv6"): SettingsIssue[] {
  // Single ranges that are too wide are refused by the schema.
  const ranges = addresses.filter((text) => {
    const range = parseRange(text);
    return range?.family === family && range.prefix >= SHORTEST_PREFIX[family];
  });
  // Counts nested ranges several times, so it is an upper bound that takes no pairwise comparison.
  const most = ranges.reduce((sum, range) => sum + 2 ** -Number(range.split("/")[1]), 0);
  if (most < MAX_COVERAGE || coverage(ranges, family) < MAX_COVERAGE) return [];
  return [
    {
      path: ["allow", "addresses"],
      accepted: `ranges that together cover less than 1/${1 / MAX_COVERAGE} of all ${family === "ipv4" ? "IPv4" : "IPv6"} addresses`,
    },
  ];
}

/** Outside a VPC, a function's public address is unpredictable. */
function keepAliveNetwork({ allow, keepAlive }: JsonObject): SettingsIssue[] {
  if (allow === undefined || !isObject(keepAlive) || keepAlive.network !== undefined) return [];
  return [
    {
      path: ["keepAlive", "network"],
      accepted:
        "subnetIds and securityGroupIds behind a NAT gateway whose address is in gateway:allow; otherwise the web ACL blocks the keep-alive",
    },
  ];
}

function zones(config: JsonObject): SettingsIssue[] {
  const network = asObject(config.network);
  const all = arrayAt(network, "zones");
  const path: SettingsPath = ["network", "zones"];
  const issues: SettingsIssue[] = [];
  if (network.vpcId !== undefined && network.zones === undefined)
    issues.push({ path, accepted: "one { subnetId, address? } per availability zone of the VPC" });
  if (network.create !== undefined && network.zones !== undefined)
    issues.push({
      path,
      accepted: "no list; create.zones already sets the number of availability zones",
    });
  return [
    ...issues,
    ...repeated(
      all.map((zone) => prop(zone, "subnetId")),
      (i) => [...path, i, "subnetId"],
      "each subnet once",
    ),
    ...fixedAddresses(all.map(asObject), arrayAt(config, "services").length),
  ];
}

/** With fixed addresses, each load balancer needs one in every zone. */
function fixedAddresses(zones: JsonObject[], services: number): SettingsIssue[] {
  const assignments = assignLoadBalancers(services, Math.max(1, zones.length));
  const needed = Math.max(1, ...assignments.map(({ loadBalancer }) => loadBalancer + 1));
  const given = zones.flatMap((zone, i) => [
    ...(zone.address === undefined
      ? []
      : [{ address: zone.address, path: ["network", "zones", i, "address"] }]),
    ...arrayAt(zone, "addresses").map((address, j) => ({
      address,
      path: ["network", "zones", i, "addresses", j],
    })),
  ]);
  return [
    ...repeated(
      given.map(({ address }) => address),
      (i) => given[i]?.path ?? [],
      "each address once",
    ),
    ...zones.flatMap((zone, i): SettingsIssue[] => {
      const path = ["network", "zones", i, zone.addresses === undefined ? "address" : "addresses"];
      if (zone.address !== undefined && zone.addresses !== undefined) {
        return [{ path, accepted: "either address or addresses, not both" }];
      }
      const fixed = zone.address === undefined ? arrayAt(zone, "addresses").length : 1;
      if (fixed === 0 || fixed >= needed) return [];
      return [
        {
          path,
          accepted: `addresses, a list of ${needed}: ${services} services need ${needed} load balancers, each with its own address`,
        },
      ];
    }),
  ];
}
