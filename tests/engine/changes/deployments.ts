import { type Change, type Config, type Edit, levels, service } from "./change";

const writeIsRead = service("ids-api", (ids) =>
  Object.assign(ids, { access: { rules: { "POST /ids": "read" } } }),
);

/** Pins the oldest deployment of ids-api, or no longer. */
const pin: Edit = (_config, services, { world }) => {
  const api = world.all("RestApi").find(({ name }) => name === "ids-api-api");
  const oldest = world.find("Deployment", { restApi: api?.id });
  if (!oldest) throw new Error("ids-api has no deployment");
  service("ids-api", (ids) => Object.assign(ids, { deployment: oldest.id }))({}, services, {
    world,
  } as Parameters<Edit>[2]);
};
const unpin = service("ids-api", (ids) => {
  delete ids.deployment;
});

const cache =
  (seconds: number): Edit =>
  (config) =>
    Object.assign(config, { "gateway:authorizerCacheSeconds": seconds });
const functionsThenStages = {
  created: ["Deployment *-api-deployment"],
  updated: ["Function changes-*-authorizer-function", "RestApi *-api-api", "Stage *-api-stage"],
  order: [["update Function *", "update Stage *"]] as [string, string][],
};

/** Changes of what deployments hold, and of which one is served. */
export const deploymentChanges: Change[] = [
  {
    what: "Change who may call an operation, so that a level is no longer used",
    callers: "The new rules take over with the new deployment.",
    edit: writeIsRead,
    created: ["Deployment ids-api-deployment"],
    updated: ["RestApi ids-api-api", "Stage ids-api-stage"],
  },
  {
    what: "Pin an earlier deployment",
    callers: "The earlier definition takes over in one step.",
    before: [service("ids-api", (ids) => Object.assign(ids, { timeoutMs: { default: 12_000 } }))],
    edit: pin,
    updated: ["Stage ids-api-stage"],
  },
  {
    what: "Take the pin out",
    callers: "The current definition takes over in one step.",
    before: [service("ids-api", (ids) => Object.assign(ids, { timeoutMs: { default: 12_000 } })), pin],
    edit: unpin,
    updated: ["Stage ids-api-stage"],
  },
  {
    what: "Pin a deployment that uses a level which its API has dropped since",
    callers: "The earlier definition takes over in one step, with all its levels.",
    before: [writeIsRead],
    edit: pin,
    updated: ["Stage ids-api-stage"],
  },
  {
    what: "Remove a level that no definition uses any more",
    callers: "Nothing, until somebody pins a deployment that uses it: then 500 on its routes.",
    before: [
      writeIsRead,
      service("files-api", (files) => Object.assign(files, { access: { rules: { "POST /files": "read" } } })),
    ],
    edit: (config) => {
      delete levels(config).write;
      delete (levels(config).read as Config).includes;
    },
    updated: ["Function changes-read-authorizer-function"],
    deleted: ["* changes-write-authorizer-*", "RolePolicy changes-invoke-write-authorizer-policy"],
  },
  {
    what: "Raise the authorizers' cache time from 0",
    callers: "Nothing: the functions answer for the whole API before anything is cached.",
    edit: cache(300),
    ...functionsThenStages,
  },
  {
    what: "Lower the authorizers' cache time to 0",
    callers:
      "For up to the old time, an answer that was cached for one method may refuse the caller another one (403).",
    before: [cache(300)],
    edit: cache(0),
    ...functionsThenStages,
  },
];
