import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { invokeArn } from "../lib/arn";
import { asObject, at, type JsonObject, prop, strings } from "../lib/json";
import { didYouMean } from "../lib/nearest";
import {
  type CompileTargets,
  compile,
  type Finding,
  FindingsError,
  loadDocument,
  type Route,
  type SpecDocument,
} from "../openapi";
import { planBackends } from "./backends";
import type { BackendPlan } from "./backends/kind";
import type { ServiceSettings, Settings } from "./settings";
import { settingsWarnings } from "./settings/warnings";

/** The API of one service, compiled from its spec. */
export interface Api {
  service: ServiceSettings;
  routes: Route[];
  /** Request headers that contain tokens, by the security schemes of the spec and of the definition */
  tokenHeaders: string[];
  /** The definition as JSON text, with the functions in `targets` */
  definition(targets: CompileTargets): string;
}

export interface Apis {
  /** In the order of the settings; without the services whose spec cannot be read */
  apis: Api[];
  backends: BackendPlan;
  findings: Finding[];
}

/** Loads, checks and compiles the spec of every service and plans its backend. Declares nothing and throws nothing: what is wrong is in the findings. */
export function compileApis(settings: Settings, root: string): Apis {
  const found = settings.services.map((service, index) => compileApi(service, index, settings, root));
  const backends = planBackends(settings, root);
  return {
    apis: found.flatMap(({ api }) => api ?? []),
    backends,
    findings: [
      ...settingsWarnings(settings),
      ...found.flatMap(({ findings }) => findings),
      ...backends.findings,
    ],
  };
}

function compileApi(
  service: ServiceSettings,
  index: number,
  settings: Settings,
  root: string,
): { api?: Api; findings: Finding[] } {
  let document: SpecDocument;
  try {
    // Findings show the path relative to the current folder.
    document = loadDocument(relative("", resolve(root, service.spec)));
  } catch (error) {
    if (!(error instanceof FindingsError)) throw error;
    const where = settings.locate(["services", index, "spec"]);
    return { findings: missingSpec(service, where, root) ?? error.findings };
  }
  const compileSettings = withCors(service, settings);
  const compiled = compile(document, compileSettings, placeholders(settings), {
    settingPlace: (path) => settings.locate(["services", index, ...path]),
  });
  return {
    api: {
      service,
      routes: compiled.routes,
      tokenHeaders: [document.root, compiled.definition].flatMap(tokenHeaders),
      definition: (targets) => JSON.stringify(compile(document, compileSettings, targets).definition),
    },
    findings: [
      ...compiled.findings,
      ...healthFindings(service, settings.locate(["services", index, "health"]), compiled.routes),
    ],
  };
}

/** `gateway:cors` also applies to API Gateway's own responses, unless the service sets them itself. */
function withCors(service: ServiceSettings, { cors }: Settings): ServiceSettings {
  const { gatewayResponses } = service;
  if (!cors || gatewayResponses?.cors !== undefined || gatewayResponses?.definitions) return service;
  const { allowOrigin: origin, allowMethods: methods, allowHeaders: headers } = cors;
  return { ...service, gatewayResponses: { ...gatewayResponses, cors: { origin, methods, headers } } };
}

/** The settings name a file that does not exist. */
function missingSpec({ spec }: ServiceSettings, where: string, root: string): Finding[] | undefined {
  const file = resolve(root, spec);
  if (existsSync(file)) return undefined;
  const folder = dirname(file);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(ya?ml|json)$/.test(name)) : [];
  const there =
    names.length > 0 ? `Files in ${dirname(spec)}: ${names.join(", ")}.` : `${dirname(spec)} has no specs.`;
  const message = `There is no file ${spec}.${didYouMean(basename(file), names)} ${there}`;
  return [{ level: "error", rule: "unreadable-file", where, message }];
}

/** Targets for findings, which do not depend on the functions. */
function placeholders({ levels, authorizerCacheSeconds: ttlSeconds }: Settings): CompileTargets {
  const uri = (name: string) => invokeArn({ region: "us-east-1", accountId: "123456789012", name });
  return {
    authorizers: Object.fromEntries(
      Object.keys(levels).map((level) => [level, { uri: uri(`${level}-authorizer`), ttlSeconds }]),
    ),
    notFound: { uri: uri("not-found") },
  };
}

function tokenHeaders(document: JsonObject): string[] {
  return Object.values(asObject(schemesOf(document))).flatMap((scheme) =>
    prop(scheme, "in") === "header" ? strings(prop(scheme, "name")) : [],
  );
}

const schemesOf = (document: JsonObject) => at(document, ["components", "securitySchemes"]);

/** The route that the keep-alive calls without a token: it must be public. */
export function healthRouteOf({ service, routes }: Pick<Api, "service" | "routes">): Route | undefined {
  const [method, path] = service.health?.split(" ") ?? [];
  return routes.find((route) => route.method === method && route.path === path && route.access === "public");
}

function healthFindings(service: ServiceSettings, where: string, routes: Route[]): Finding[] {
  const { health } = service;
  if (health === undefined || healthRouteOf({ service, routes })) return [];
  const route = routes.find(({ method, path }) => `${method} ${path}` === health);
  const open = routes.filter(
    ({ method, path, access }) => method === "GET" && access === "public" && !path.includes("{"),
  );
  return [
    {
      level: "warning",
      rule: "health-route",
      where,
      message: `Keep-alive skips ${service.name}: its route ${health} ${route ? `requires access level ${route.access}` : "is not in the spec"}, and calls have no token. ${open.length > 0 ? `Set health to a public GET route (${open.map(({ path }) => `GET ${path}`).join(", ")})` : "The spec has no public GET route; make one public"}.`,
    },
  ];
}
