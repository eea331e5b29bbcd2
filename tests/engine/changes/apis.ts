import { type Change, domain, levels } from "./change";

/** Everything that one API has for itself, apart from what its backend needs. */
const api = (name: string) => [
  `LogGroup ${name}-*-log`,
  `Certificate ${domain(name)}-certificate`,
  `Record ${domain(name)}-validation`,
  `CertificateValidation ${domain(name)}-validated`,
  `DomainName ${domain(name)}-domain`,
  `Record ${domain(name)}-record`,
  `RestApi ${name}-api`,
  `Stage ${name}-stage`,
  `WebAclAssociation ${name}-web-acl`,
  `MethodSettings ${name}-method-settings`,
  `ApiMapping ${domain(name)}-mapping`,
];

/** What carries one port from the load balancer to its targets. */
const port = (number: number) => [
  `TargetGroup changes-${number}`,
  `Listener changes-nlb-${number}-listener`,
  `SecurityGroupEgressRule changes-nlb-${number}-egress`,
  `SecurityGroupIngressRule changes-nlb-${number}-ingress-subnet-*`,
];

const newService = {
  name: "new-api",
  spec: "specs/docs.yaml",
  port: 4444,
  backend: { instances: ["i-0a000000000000004"] },
};
const newResources = [
  ...api("new-api"),
  ...port(4444),
  "Deployment new-api-deployment",
  "TargetGroupAttachment changes-nlb-4444-target-i-0a000000000000004",
  "NetworkInterfaceSecurityGroupAttachment changes-backend-i-0a000000000000004",
];

const newDefinition = (name: string) => ({
  created: [`Deployment ${name}-deployment`],
  updated: [`RestApi ${name}-api`, `Stage ${name}-stage`],
  order: [
    [`update RestApi ${name}-api`, `create Deployment ${name}-deployment`],
    [`create Deployment ${name}-deployment`, `update Stage ${name}-stage`],
  ] as [string, string][],
});

/** Changes of definitions, access and the set of services. */
export const apiChanges: Change[] = [
  {
    what: "Add, change or remove a route",
    callers: "Nothing else changes: the new deployment takes over in one step.",
    edit: (_config, _services, { program }) =>
      program.edit(
        "specs/ids.yaml",
        (text) => `${text}  /ids/count:\n    get: { responses: { "200": { description: How many } } }\n`,
      ),
    ...newDefinition("ids-api"),
  },
  {
    what: "Add a level",
    callers: "Nothing changes until a definition uses it.",
    edit: (config) => Object.assign(levels(config), { admin: { groups: ["admins"] } }),
    created: [
      "Role changes-admin-authorizer-role",
      "RolePolicy changes-admin-authorizer-policy",
      "LogGroup changes-admin-authorizer-logs",
      "Function changes-admin-authorizer-function",
      "RolePolicy changes-invoke-admin-authorizer-policy",
    ],
  },
  {
    what: "Change the groups of a level",
    callers: "The new groups count at once, or when a cached answer expires.",
    edit: (config) => Object.assign(levels(config).write as object, { groups: ["writers", "editors"] }),
    updated: ["Function changes-read-authorizer-function", "Function changes-write-authorizer-function"],
  },
  {
    what: "Change the addresses of the allow list",
    callers: "The new list counts within seconds.",
    edit: (config) =>
      Object.assign(config["gateway:allow"] as object, { addresses: ["192.0.2.0/24", "203.0.113.7/32"] }),
    updated: ["IpSet changes-ipv4"],
  },
  {
    what: "Change how long logs are kept",
    callers: "Nothing.",
    edit: (config) => Object.assign(config, { "gateway:logRetentionDays": 180 }),
    updated: ["LogGroup *"],
  },
  {
    what: "Protect the stage",
    callers: "Nothing.",
    edit: (config) => Object.assign(config, { "gateway:protect": true }),
    updated: ["LoadBalancer changes-nlb"],
  },
  {
    what: "Add a service at the end",
    callers: "Nothing for the others; the new API opens when all of it is there.",
    edit: (_, services) => services.push({ ...newService }),
    created: newResources,
    order: [
      ["create * new-api*", `create ApiMapping ${domain("new-api")}-mapping`],
      ["create *4444*", `create ApiMapping ${domain("new-api")}-mapping`],
    ],
    added: [domain("new-api")],
  },
  {
    what: "Add a service in front of the others",
    callers: "Nothing for the others.",
    edit: (_, services) => services.unshift({ ...newService }),
    created: newResources,
    added: [domain("new-api")],
  },
  {
    what: "Put the services in another order",
    callers: "Nothing.",
    edit: (_, services) => services.reverse(),
  },
  {
    what: "Remove a service",
    callers: "Its callers get no answer any more; nothing for the others.",
    edit: (_, services) => services.splice(1, 1),
    deleted: [
      ...api("docs-api"),
      ...port(3333),
      "TargetGroupAttachment changes-nlb-3333-target-i-0a000000000000002",
      "NetworkInterfaceSecurityGroupAttachment changes-backend-i-0a000000000000002",
    ],
    order: [[`delete ApiMapping ${domain("docs-api")}-mapping`, "delete Listener *"]],
    gone: [domain("docs-api")],
  },
];
