import { resolve } from "node:path";
import { UserError } from "../../../lib/error";
import { didYouMean } from "../../../lib/nearest";
import { stacksRoot } from "../../../lib/project-root";
import { destinationOf, type Model, modelOf } from "../../../offline/model";
import { type Recording, record } from "../../../offline/recording";
import { readStack } from "../../../offline/recording/stack-file";
import { wiringFindings } from "../../../offline/wiring";
import { domainFindings } from "../../../offline/wiring/domains";
import { type IdentityProvider, realIdentityProvider, startIdentityProvider } from "../identity/server";
import { credentialsFor } from "../lambda/credentials";
import { recordedEnvironments } from "../lambda/recorded";
import { type Backends, startBackends } from "./backends";
import { createEdgeServer, type Domain, type Endpoint } from "./edge-server";
import { ServedFunctions } from "./functions";
import { createGateways, type Gateways } from "./gateways";
import { indexPage } from "./index-page";
import { type LocalServer, listenOnLocalhost } from "./localhost";

export interface ServeOptions {
  stack: string;
  /** Default 8080; 0: any free one. */
  port?: number;
  /** Local processes by service name, e.g. `{ "entity-api": "http://localhost:5000" }`; stubs answer for the others. */
  backends?: Record<string, string>;
  /** Use `X-Forwarded-For` as the source address. Default: an address that the web ACL allows. */
  trustForwarded?: boolean;
  /** Origins whose pages may call the APIs across sites, `*` for all. Default: none. */
  allowedOrigins?: readonly string[];
  /** Call the stack's real identity provider, so that its tokens are accepted. Default: a local one with test users. */
  realIdentity?: boolean;
  root?: string;
  /** Receives what goes wrong while serving, one line each. Default: it is dropped. */
  log?(line: string): void;
  /** Receives a line per request. Default: requests are not logged. */
  logRequest?(line: string): void;
  /** Serve this recording instead of running the program. */
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
  /** Source address of every request. */
  sourceIp: string;
  /** Where each service's API is, by service name. */
  endpoints: Record<string, Endpoint>;
  close(): Promise<void>;
}

/**
 * Serves a stack's APIs on localhost, from what the program declares and nothing else.
 * @throws RecordingError when the program refuses to run; Error when the port is in use or a backend's service does not exist
 */
export async function serveStack(options: ServeOptions): Promise<ServedStack> {
  const { stack, log = () => {} } = options;
  const root = resolve(options.root ?? stacksRoot());
  const recording = options.recording ?? (await record(stack, { root }));
  const model = modelOf(recording);
  const urls = checkBackends(options.backends ?? {}, model);

  const environments = recordedEnvironments(recording);
  if (options.realIdentity) environments.forEach(credentialsFor);
  const identityProvider = options.realIdentity
    ? realIdentityProvider
    : await startIdentityProvider(environments);
  const functions = new ServedFunctions(recording, model, identityProvider, log);
  const backends = await startBackends(model, { urls, specs: specsOf(root, stack), root, log });
  const gateways = createGateways(model, functions, backends, log);
  const endpoints = endpointsOf(model);
  const edge = () =>
    createEdgeServer({
      domains: domainsOf(model, gateways),
      endpoints,
      sourceIp: gateways.sourceIp,
      trustForwarded: options.trustForwarded ?? false,
      allowedOrigins: options.allowedOrigins ?? [],
      index: () => indexPage(model, endpoints),
      log: options.logRequest,
    });
  let listening: LocalServer | undefined;

  const close = async () => {
    listening?.close();
    await Promise.all([gateways.close(), backends.close(), functions.close()]);
    // Last: a listening server keeps this process alive until the others are closed.
    identityProvider.close();
  };
  listening = await listenOnLocalhost(edge, options.port ?? 8080).catch(async (error) => {
    await close();
    throw error;
  });
  const { port } = listening;
  return {
    ...{ url: `http://localhost:${port}`, port, model, findings: wiringFindings(model) },
    ...{ identityProvider, backends, sourceIp: gateways.sourceIp, endpoints, close },
  };
}

function domainsOf(model: Model, gateways: Gateways): Domain[] {
  return model.resources.ofType("aws:apigateway/domainName:DomainName").map((domain) => {
    const name = domain.outputs.domainName;
    // With one of these findings the name does not resolve, or API Gateway refuses to create it.
    const [reason] = domainFindings(domain, model);
    const mappings = model.mappings
      .filter(({ domainName }) => domainName === name)
      .map((mapping) => {
        const stage = destinationOf(mapping, model)?.stage;
        return { basePath: mapping.basePath, handle: stage && gateways.of(stage) };
      })
      .sort((one, other) => other.basePath.length - one.basePath.length);
    return { name, mappings, ...(reason && { unreachable: `${name} is unreachable: ${reason.message}` }) };
  });
}

/** The first mapping of each service; a service without one cannot be called. */
function endpointsOf({ services, mappings }: Model): ServedStack["endpoints"] {
  return Object.fromEntries(
    services.flatMap(({ name, restApi }) => {
      const mapping = mappings.find(({ apiId }) => apiId === restApi.id);
      return mapping ? [[name, { domain: mapping.domainName, basePath: mapping.basePath }]] : [];
    }),
  );
}

/** The specs' files by service name, only for the stubs' examples. */
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
      return [
        `--backend ${name}=${url}: no service ${name}.${didYouMean(name, names)} Services: ${names.join(", ")}.`,
      ];
    if (!URL.canParse(url) || !/^https?:\/\/[^/]+\/?$/.test(url)) {
      return [`--backend ${name}=${url}: accepted: an origin without a path, such as http://localhost:5000`];
    }
    return [];
  });
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  return backends;
}
