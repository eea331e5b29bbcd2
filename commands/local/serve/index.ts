import { resolve } from "node:path";
import { createGateway } from "../../../gateway";
import { stacksRoot } from "../../../lib/project-root";
import { destinationOf, type Model, modelOf } from "../../../offline/model";
import { type Recording, record } from "../../../offline/recording";
import { readStack } from "../../../offline/recording/stack-file";
import { wiringFindings } from "../../../offline/wiring";
import { domainFindings } from "../../../offline/wiring/domains";
import { webAclOf } from "../../../offline/wiring/web-acl";
import { type IdentityProvider, startIdentityProvider } from "../identity/server";
import { recordedLevels } from "../lambda/recorded";
import { type Backends, startBackends } from "./backends";
import { createEdgeServer, type Domain, type Handle } from "./edge-server";
import { ServedFunctions } from "./functions";
import { type LocalServer, listenOnLocalhost } from "./localhost";
import { apiKeysOf, stageSettingsOf } from "./stage-settings";
import { allowedAddress, gatewayWebAcl } from "./web-acl";

export interface ServeOptions {
  stack: string;
  /** Default 8080; 0: any free one. */
  port?: number;
  /** Own processes by service name, e.g. `{ "entity-api": "http://localhost:5000" }`; stubs answer for the others. */
  backends?: Record<string, string>;
  /** Let `X-Forwarded-For` decide where a caller comes from. Default: an address the web ACL allows. */
  trustForwarded?: boolean;
  root?: string;
  /** Gets what goes wrong while serving, one line each. Default: nobody. */
  log?(line: string): void;
  /** Serve this instead of running the program. */
  recording?: Recording;
}

export interface ServedStack {
  /** `http://localhost:8080` */
  url: string;
  port: number;
  model: Model;
  findings: ReturnType<typeof wiringFindings>;
  identityProvider: IdentityProvider;
  backends: Backends;
  /** Where callers seem to come from. */
  sourceIp: string;
  /** Where each service's API is found, by its name. */
  endpoints: Record<string, { domain: string; basePath: string }>;
  close(): Promise<void>;
}

/**
 * Serves a stack's APIs on localhost from nothing but what the program declared.
 * @throws RecordingError when the program refuses to run; Error when the port is taken or a backend's service is unknown
 */
export async function serveStack(options: ServeOptions): Promise<ServedStack> {
  const { stack, log = () => {} } = options;
  const root = resolve(options.root ?? stacksRoot());
  const recording = options.recording ?? (await record(stack, { root }));
  const model = modelOf(recording);
  const own = checkBackends(options.backends ?? {}, model);

  const identityProvider = await startIdentityProvider(recordedLevels(recording), environmentsOf(model));
  const functions = new ServedFunctions(recording, model, identityProvider, log);
  const backends = await startBackends(model, { own, specs: specsOf(root, stack), root, log });
  const { handles, sourceIp, closeAll } = createGateways(model, functions, backends, log);
  const endpoints = endpointsOf(model);
  const front = () =>
    createEdgeServer({
      domains: domainsOf(model, handles),
      services: endpoints,
      sourceIp,
      trustForwarded: options.trustForwarded ?? false,
      index: () => `Services: ${Object.keys(endpoints).join(", ")}. Each is at /<service>/… here.\n`,
    });
  let listening: LocalServer | undefined;

  const close = async () => {
    listening?.close();
    await Promise.all([closeAll(), backends.close(), functions.close()]);
    // Last: a server that listens keeps this process alive until the others have ended.
    identityProvider.close();
  };
  listening = await listenOnLocalhost(front, options.port ?? 8080).catch(async (error) => {
    await close();
    throw error;
  });
  const { port } = listening;
  const url = `http://localhost:${port}`;
  return {
    url,
    port,
    model,
    findings: wiringFindings(model),
    identityProvider,
    backends,
    sourceIp,
    endpoints,
    close,
  };
}

/** One gateway per API stage that a mapping leads to. */
function createGateways(
  model: Model,
  functions: ServedFunctions,
  backends: Backends,
  log: (line: string) => void,
) {
  const handles = new Map<string, Handle>();
  const closers: (() => Promise<void>)[] = [];
  let sourceIp: string | undefined;
  for (const service of model.services) {
    const handlers = functions.handlersOf(service);
    for (const stage of service.stages) {
      const acl = webAclOf(stage, model);
      const webAcl = acl && gatewayWebAcl(acl, model.resources);
      sourceIp ??= webAcl && allowedAddress(webAcl);
      const gateway = createGateway({
        definition: service.definition.document,
        stageVariables: stage.variables,
        functions: handlers,
        apiKeys: apiKeysOf(service, stage, model),
        stage: stage.name,
        region: model.region,
        accountId: model.accountId,
        apiId: service.restApi.id,
        connect: backends.connect,
        stageSettings: stageSettingsOf(service, stage, model),
        ...(webAcl && { webAcl }),
        log: (line) => log(`${service.name}: ${line}`),
      });
      handles.set(stage.resource.urn, (request, response, arrival) =>
        gateway.handle(request, response, arrival),
      );
      closers.push(() => gateway.close());
    }
  }
  return {
    handles,
    sourceIp: sourceIp ?? "127.0.0.1",
    closeAll: async () => {
      await Promise.all(closers.map((close) => close()));
    },
  };
}

function environmentsOf({ resources }: Model): Record<string, string>[] {
  return resources
    .ofType("aws:lambda/function:Function")
    .map(
      ({ inputs }) =>
        (inputs.environment as { variables?: Record<string, string> } | undefined)?.variables ?? {},
    );
}

function domainsOf(model: Model, handles: Map<string, Handle>): Domain[] {
  return model.resources.ofType("aws:apigateway/domainName:DomainName").map((domain) => {
    const name = String(domain.outputs.domainName);
    // Without them there is no such name: nothing to resolve, or API Gateway has not taken it.
    const [reason] = domainFindings(domain, model);
    const mappings = model.mappings
      .filter(({ domainName }) => domainName === name)
      .map((mapping) => {
        const urn = destinationOf(mapping, model)?.stage.resource.urn;
        return { basePath: mapping.basePath, ...(urn !== undefined && { handle: handles.get(urn) }) };
      })
      .sort((one, other) => other.basePath.length - one.basePath.length);
    return {
      name,
      mappings,
      ...(reason && { unreachable: `${name} is not found: ${reason.message}` }),
    };
  });
}

/** A service without a mapping of its own is nowhere. */
function endpointsOf({ services, mappings }: Model): ServedStack["endpoints"] {
  return Object.fromEntries(
    services.flatMap(({ name, restApi }) => {
      const mapping = mappings.find(({ apiId }) => apiId === restApi.id);
      return mapping ? [[name, { domain: mapping.domainName, basePath: mapping.basePath }]] : [];
    }),
  );
}

/** The specs' files, for the stubs' examples only. */
function specsOf(root: string, stack: string): Record<string, string> {
  const services = JSON.parse(readStack(root, stack).config["gateway:services"] ?? "[]") as {
    name: string;
    spec: string;
  }[];
  return Object.fromEntries(services.map(({ name, spec }) => [name, spec]));
}

function checkBackends(backends: Record<string, string>, { services }: Model): Record<string, string> {
  const names = services.map(({ name }) => name);
  const problems = Object.entries(backends).flatMap(([name, url]) => {
    if (!names.includes(name))
      return [`--backend ${name}=${url}: there is no service ${name}. Services: ${names.join(", ")}.`];
    if (!URL.canParse(url) || !/^https?:\/\/[^/]+\/?$/.test(url)) {
      return [`--backend ${name}=${url}: give an origin such as http://localhost:5000, without a path.`];
    }
    return [];
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return backends;
}
