import { type Change, type Config, domain, service } from "./change";

const [first, other] = ["i-0a000000000000001", "i-0a000000000000009"];
const psc = { psc: { host: "ids.partner.example.net", port: 5443, addresses: ["203.0.113.0/25"] } };
const ids = (settings: Config) => service("ids-api", (found) => Object.assign(found, settings));
const attachment = (instance: string) =>
  `NetworkInterfaceSecurityGroupAttachment changes-backend-${instance}`;
const target = (instance: string, port = 2222) =>
  `TargetGroupAttachment changes-nlb-${port}-target-${instance}`;
const proxied = (port: number) => `Attachment changes-nlb-${port}-target-proxies`;

const port = (number: number) => [
  `TargetGroup changes-${number}`,
  `Listener changes-nlb-${number}-listener`,
  `SecurityGroupEgressRule changes-nlb-${number}-egress`,
  `SecurityGroupIngressRule changes-nlb-${number}-ingress-subnet-*`,
];
const proxies = ["LaunchTemplate changes-psc-template", "Group changes-psc-proxies"];

/** Changes of where a service runs and how it is reached. */
export const backendChanges: Change[] = [
  {
    what: "Give a service another port",
    callers:
      "The run waits until the target of the new port is healthy. Then new requests use it; running ones end on the old port.",
    edit: ids({ port: 2223 }),
    created: [...port(2223), target(first as string, 2223)],
    updated: ["Stage ids-api-stage"],
    deleted: [...port(2222), target(first as string)],
    order: [
      ["create *", "update Stage ids-api-stage"],
      ["update Stage ids-api-stage", "delete *"],
    ],
    effects: { "ids-api": "drained" },
  },
  {
    what: "Give a proxied service another port",
    callers: "The run waits until a proxy listens on the new port, some 5 minutes. Then new requests use it.",
    edit: service("files-api", (files) => Object.assign(files, { port: 8444 })),
    created: [...port(8444), proxied(8444)],
    updated: ["Stage files-api-stage", ...proxies],
    deleted: [...port(8443), proxied(8443)],
    effects: { "files-api": "drained" },
  },
  {
    what: "Swap the ports of two services",
    callers:
      "An outage of both for minutes: some callers of one reach the other's backend. Use a third port instead: one service there, the other to its port, then the first to the free one.",
    edit: (_, [one, two]) => {
      Object.assign(one as Config, { port: 3333 });
      Object.assign(two as Config, { port: 2222 });
    },
    created: ["TargetGroupAttachment changes-nlb-*"],
    updated: ["Stage ids-api-stage", "Stage docs-api-stage", "SecurityGroup*gressRule changes-nlb-*"],
    deleted: ["TargetGroupAttachment changes-nlb-*"],
    effects: { "ids-api": "outage", "docs-api": "outage" },
    because: /another service's backend/,
  },
  {
    what: "Add an instance to a service",
    callers: "Nothing: the new instance gets requests when it is healthy.",
    edit: ids({ backend: { instances: [first, other] } }),
    created: [attachment(other as string), target(other as string)],
    order: [["create NetworkInterface*", "create TargetGroupAttachment *"]],
  },
  {
    what: "Replace a service's only instance",
    callers:
      "The run waits until the new instance is healthy. Connections that the load balancer still opens to the old one in the next minutes may fail.",
    edit: ids({ backend: { instances: [other] } }),
    created: [attachment(other as string), target(other as string)],
    deleted: [attachment(first as string), target(first as string)],
    order: [
      [`create ${target(other as string)}`, `delete ${target(first as string)}`],
      [`delete ${target(first as string)}`, `delete ${attachment(first as string)}`],
    ],
    effects: { "ids-api": "cut" },
    because: /may not send/,
  },
  {
    what: "Rename a service",
    callers: "Its old domain name stops working as the new one starts.",
    edit: ids({ name: "id-api" }),
    created: ["* id-api*"],
    updated: ["SecurityGroup*gressRule changes-nlb-2222-*"],
    deleted: ["* ids-api*"],
    gone: [domain("ids-api")],
    added: [domain("id-api")],
  },
  {
    what: "Rename a service and keep its domain name",
    callers: "Requests fail (403) for seconds, while the domain's mapping is made again.",
    before: [ids({ domain: "ids.example.org" })],
    edit: ids({ name: "id-api" }),
    created: ["* id-api*"],
    updated: ["SecurityGroup*gressRule changes-nlb-2222-*"],
    replaced: ["ApiMapping ids.example.org-mapping"],
    deleted: ["* ids-api*"],
    effects: { ids: "outage" },
    because: /no mapping/,
  },
  {
    what: "Move a service from its instances to the stage's proxies",
    callers:
      "The run waits until a proxy has the service, some 5 minutes. Connections that the load balancer still opens to an old instance in the next minutes may fail.",
    edit: ids({ backend: psc }),
    created: [proxied(2222), "SecurityGroupEgressRule changes-psc-egress-5443-203.0.113.0-25"],
    updated: ["TargetGroup changes-2222", ...proxies],
    deleted: [target(first as string), attachment(first as string)],
    effects: { "ids-api": "cut", "files-api": "drained" },
    because: /may not send/,
  },
  {
    what: "Move a service from the stage's proxies to instances",
    callers: "The run waits until the instance is healthy. Then new requests use it.",
    before: [ids({ backend: psc })],
    edit: ids({ backend: { instances: [first] } }),
    created: [target(first as string), attachment(first as string)],
    updated: ["TargetGroup changes-2222", ...proxies],
    deleted: [proxied(2222), "SecurityGroupEgressRule changes-psc-egress-5443-203.0.113.0-25"],
    effects: { "ids-api": "drained", "files-api": "drained" },
  },
  {
    what: "Change the host and addresses of a partner",
    callers:
      "502 from this API until the proxies have been replaced, some 5 minutes. Add the new addresses beside the old, wait for the refresh, then remove the old.",
    edit: service("files-api", (files) =>
      Object.assign(files, {
        backend: { psc: { host: "new.partner.example.net", port: 5443, addresses: ["203.0.113.128/25"] } },
      }),
    ),
    created: ["SecurityGroupEgressRule changes-psc-egress-5443-203.0.113.128-25"],
    updated: proxies,
    deleted: ["SecurityGroupEgressRule changes-psc-egress-5443-198.51.100.0-25"],
    effects: { "files-api": "outage" },
    because: /may not call/,
  },
];
