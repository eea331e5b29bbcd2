import type { Effect } from "../traffic/walk";
import { type Change, type Config, type Edit, service, zones } from "./change";

const third: Config = { subnetId: "subnet-0a000000000000003", address: "10.9.3.10" };
const withoutAddresses: Edit = (config) => {
  for (const zone of zones(config)) delete zone.address;
};
const everyApi = (effect: Effect): Record<string, Effect> => ({
  "docs-api": effect,
  "files-api": effect,
  "ids-api": effect,
});

const subnet = (number: number) => `subnet-0a00000000000000${number}`;
const rules = (zone: string) => [`SecurityGroupIngressRule changes-nlb-*-ingress-${zone}`];

/** A load balancer with fixed addresses: AWS gives them to the new one when the old one is gone. */
const deletedFirst = {
  replaced: ["LoadBalancer changes-nlb", "VpcLink changes-nlb-link", "Listener changes-nlb-*-listener"],
  order: [
    ["delete LoadBalancer *", "create LoadBalancer *"],
    ["create VpcLink *", "update Stage *"],
  ] as [string, string][],
  effects: everyApi("outage"),
  because: /is gone|no listener|is not admitted|initial/,
};

/** A load balancer without: the new one is there before the old one goes. */
const createdFirst = {
  replaced: [
    ...deletedFirst.replaced,
    "TargetGroup changes-*",
    "TargetGroupAttachment changes-nlb-*-target-*",
    "Attachment changes-nlb-8443-target-proxies",
  ],
  order: [
    ["create SecurityGroupIngressRule *", "delete SecurityGroupIngressRule *"],
    ["update Stage *", "delete SecurityGroupIngressRule *"],
    ["update Stage *", "delete LoadBalancer *"],
  ] as [string, string][],
  effects: everyApi("drained"),
};

/** Changes of the load balancer and what it stands in. */
export const networkChanges: Change[] = [
  {
    what: "Add a zone after the others",
    callers: "Nothing.",
    edit: (config) => zones(config).push(third),
    created: rules(subnet(3)),
    updated: ["LoadBalancer changes-nlb", "Group changes-psc-proxies"],
  },
  {
    what: "Put a zone in front of the others",
    callers: "Nothing.",
    edit: (config) => zones(config).unshift(third),
    created: rules(subnet(3)),
    updated: ["LoadBalancer changes-nlb", "Group changes-psc-proxies"],
  },
  {
    what: "Put the zones in another order",
    callers: "Nothing.",
    edit: (config) => zones(config).reverse(),
    updated: ["LoadBalancer changes-nlb", "Group changes-psc-proxies"],
  },
  {
    what: "Remove a zone, fixed addresses",
    callers:
      "Outage of every API for some minutes: the load balancer is made again, and two cannot hold one address.",
    edit: (config) => zones(config).pop(),
    ...deletedFirst,
    updated: ["Stage *-stage", "Group changes-psc-proxies"],
    deleted: rules(subnet(2)),
  },
  {
    what: "Change a fixed address",
    callers: "Outage of every API for some minutes: the load balancer is made again.",
    edit: (config) => Object.assign(zones(config)[1] as Config, { address: "10.9.2.11" }),
    ...deletedFirst,
    updated: ["Stage *-stage"],
    replaced: [...deletedFirst.replaced, ...rules(subnet(2))],
  },
  {
    what: "Remove the first zone, no fixed addresses",
    callers: "The run waits until the new load balancer has healthy targets. Then new requests use it.",
    before: [withoutAddresses],
    edit: (config) => zones(config).shift(),
    ...createdFirst,
    updated: ["Stage *-stage", "Group changes-psc-proxies"],
    replaced: [...createdFirst.replaced, ...rules(subnet(2))],
    deleted: rules(subnet(1)),
  },
  {
    what: "Give the fixed addresses up",
    callers: "The run waits until the new load balancer has healthy targets. Then new requests use it.",
    edit: withoutAddresses,
    ...createdFirst,
    updated: ["Stage *-stage"],
    replaced: [...createdFirst.replaced, ...rules("*")],
  },
  {
    what: "Give a service another domain name",
    callers:
      "The old name stops working as the new one starts: add a second service entry first to have both.",
    edit: service("ids-api", (ids) => Object.assign(ids, { domain: "identifiers.example.org" })),
    created: ["* identifiers.example.org-*"],
    deleted: ["* ids-api.changes.example.org-*"],
    order: [["create ApiMapping *", "delete *"]],
    gone: ["ids-api.changes.example.org"],
    added: ["identifiers.example.org"],
  },
  {
    what: "Give a service a base path",
    callers: "Paths without it stop working as those with it start.",
    edit: service("ids-api", (ids) => Object.assign(ids, { basePath: "v2" })),
    created: ["ApiMapping ids-api.changes.example.org-mapping-v2"],
    deleted: ["ApiMapping ids-api.changes.example.org-mapping"],
    order: [["create ApiMapping *", "delete ApiMapping *"]],
    gone: ["ids-api.changes.example.org"],
    added: ["ids-api.changes.example.org/v2"],
  },
];
