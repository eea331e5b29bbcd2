import { functionName } from "../../lib/arn";
import { equal, isObject, type JsonObject, objectAt, prop, stringAt } from "../../lib/json";
import type { Definition } from "../compile";
import { gatewayResponses } from "../compile/gateway-responses";
import { INTEGRATION, methodKey, NO_RESPONSES, type Operation, operationName } from "../operations";
import { PathItems } from "../path-items";
import { integrationTypeOf } from "../rest-api/integration";
import { withoutGreedy } from "../rest-api/path-template";
import type { CompileSettings } from "../settings";
import { levelsOf, securityOf } from "./levels";
import { normalIntegration } from "./normal";

const BACKEND = /^http:\/\/\$\{stageVariables\.VPCNLB\}(\/.*)?$/;
const RESPONSES = "x-amazon-apigateway-gateway-responses";

/** Mutable form of the settings while they are gathered. */
export type Draft = CompileSettings & { [key: string]: unknown };

/** The part of an export that a plain spec can express, and the rest as settings; a first guess that `verify` completes. */
export function derive(
  definition: Definition,
  operations: readonly Operation[],
  fixed: ReadonlySet<string>,
): { spec: JsonObject; settings: Draft } {
  const levels = levelsOf(definition, operations);
  const settings: Draft = {};
  const paths = new PathItems();
  const keptSchemes = new Set<string>();
  const access = new AccessRules(definition, levels, keptSchemes);
  for (const operation of operations) {
    const { method, template, value } = operation;
    const name = operationName(operation);
    if (method === "ANY" || (method === "OPTIONS" && !isProxy(definition, value))) {
      if (method === "ANY" && answersNotFound(value) && securityOf(definition, value).length === 0) continue;
      keepWhole(settings, definition, operation);
      continue;
    }
    deriveIntegration(operation, settings);
    const extensions = Object.entries(value).filter(([key]) => key.startsWith("x-") && key !== INTEGRATION);
    if (extensions.length > 0) addExtensions(settings, name, Object.fromEntries(extensions));
    if (method === "OPTIONS" && isBare(value)) continue;
    paths.at(template)[methodKey(method)] = access.plain(operation);
  }
  if (Object.keys(access.rules).length > 0) settings.access = { rules: access.rules };
  deriveSlash(settings, operations);
  deriveOptions(settings, operations, paths.paths, fixed);
  deriveCatchAll(settings, operations, fixed);
  deriveRoot(settings, definition, levels);
  return { spec: plainSpec(definition, paths.toObject(), keptSchemes), settings };
}

class AccessRules {
  readonly rules: Record<string, string> = {};

  constructor(
    private readonly definition: JsonObject,
    private readonly levels: ReadonlyMap<string, string>,
    private readonly keptSchemes: Set<string>,
  ) {}

  /** The operation without AWS's part. Its access becomes a rule, or stays as security where no level is equal to it. */
  plain(operation: Operation): JsonObject {
    const { security: _, ...rest } = Object.fromEntries(
      Object.entries(operation.value).filter(([key]) => !key.startsWith("x-amazon-")),
    );
    if (operation.method === "OPTIONS") return rest;
    const security = securityOf(this.definition, operation.value);
    const [name, ...others] = security.flatMap((requirement) => Object.keys(requirement));
    const level = name === undefined ? "public" : this.levels.get(name);
    if (level !== undefined && others.length === 0) {
      this.rules[operationName(operation)] = level;
      return rest;
    }
    for (const scheme of security.flatMap((requirement) => Object.keys(requirement)))
      this.keptSchemes.add(scheme);
    return { ...rest, security };
  }
}

/** The method as it is, with the root's security that applied to it: compile writes no security at the root. */
export function keepWhole(settings: Draft, definition: JsonObject, operation: Operation): void {
  const { value } = operation;
  const security = securityOf(definition, value);
  const whole = Object.hasOwn(value, "security") || security.length === 0 ? value : { ...value, security };
  settings.methods = { ...settings.methods, [operationName(operation)]: whole };
}

function isProxy(definition: JsonObject, method: JsonObject): boolean {
  const integration = prop(method, INTEGRATION);
  const http = isObject(integration) && integrationTypeOf(integration) === "http_proxy";
  return (
    http &&
    securityOf(definition, method).length === 0 &&
    !Object.keys(method).some((key) => key.startsWith("x-") && key !== INTEGRATION)
  );
}

/** Whether the OPTIONS method that compile adds is the same; the console's OPTIONS has an empty 200 besides. */
function isBare(method: JsonObject): boolean {
  const { parameters = [], responses = {}, security: _none, [INTEGRATION]: _, ...rest } = method;
  if (Object.keys(rest).length > 0 || !Array.isArray(parameters)) return false;
  const inPath = parameters.every(
    (parameter) => prop(parameter, "in") === "path" && !prop(parameter, "description"),
  );
  return (
    inPath &&
    [{}, NO_RESPONSES, { "200": { description: "200 response", content: {} } }].some((bare) =>
      equal(responses, bare),
    )
  );
}

function deriveIntegration(operation: Operation, settings: Draft): void {
  const integration = prop(operation.value, INTEGRATION);
  if (!isObject(integration)) return;
  const name = operationName(operation);
  const { timeoutInMillis } = normalIntegration(integration);
  if (typeof timeoutInMillis === "number" && timeoutInMillis >= 50 && timeoutInMillis <= 300_000) {
    settings.timeoutMs = { rules: { ...settings.timeoutMs?.rules, [name]: timeoutInMillis } };
  }
  const path = backendPath(integration);
  if (path === undefined || path === withoutGreedy(operation.template)) return;
  settings.backendPaths = { ...settings.backendPaths, [name]: path };
}

/** The path that an integration over the stage's VPC link asks the backend for. */
function backendPath(integration: JsonObject): string | undefined {
  if (integrationTypeOf(integration) !== "http_proxy") return undefined;
  const found = BACKEND.exec(stringAt(integration, "uri") ?? "");
  return found ? (found[1] ?? "/") : undefined;
}

function addExtensions(settings: Draft, name: string, extensions: JsonObject): void {
  const operations = { ...settings.extensions?.operations, [name]: extensions };
  settings.extensions = { ...settings.extensions, operations };
}

/** Where every backend path ends in a slash (Django), only the paths that differ otherwise need a rule. */
function deriveSlash(settings: Draft, operations: readonly Operation[]): void {
  const paths = operations.flatMap((operation) => {
    const path = backendPath(objectAt(operation.value, INTEGRATION) ?? {});
    return path === undefined || path === "/" ? [] : [path];
  });
  if (paths.length === 0 || !paths.every((path) => path.endsWith("/"))) return;
  settings.trailingSlash = true;
  const rules = Object.entries(settings.backendPaths ?? {}).filter(
    ([name, path]) => `${name.slice(name.indexOf(" ") + 1)}/` !== path,
  );
  if (rules.length > 0) settings.backendPaths = Object.fromEntries(rules);
  else delete settings.backendPaths;
}

function deriveOptions(
  settings: Draft,
  operations: readonly Operation[],
  paths: readonly string[],
  fixed: ReadonlySet<string>,
): void {
  if (fixed.has("missing-options")) return;
  const answered = new Set(
    operations.filter(({ method }) => method === "OPTIONS").map(({ template }) => template),
  );
  const missing = paths.filter((template) => !answered.has(template));
  if (missing.length === 0) return;
  settings.options = missing.length === paths.length ? false : { except: missing };
}

/**
 * A Lambda function whose name says that it answers 404. In somebody else's export the name is all there is: a public
 * ANY on a greedy path can just as well be the whole API.
 */
export function answersNotFound(method: unknown): boolean {
  const uri = stringAt(prop(method, INTEGRATION), "uri") ?? "";
  return /404|not-?_?found/i.test(functionName(uri) ?? "");
}

function deriveCatchAll(settings: Draft, operations: readonly Operation[], fixed: ReadonlySet<string>): void {
  const answers = operations.filter(({ method, value }) => method === "ANY" && answersNotFound(value));
  const [first] = answers;
  const uri = first && stringAt(prop(first.value, INTEGRATION), "uri");
  if (uri !== undefined) settings.catchAll = { uri };
  else if (!fixed.has("missing-catch-all")) settings.catchAll = false;
}

function deriveRoot(settings: Draft, definition: Definition, levels: ReadonlyMap<string, string>): void {
  const responses = objectAt(definition, RESPONSES) ?? {};
  if (!equal(responses, gatewayResponses())) {
    settings.gatewayResponses = { definitions: responses as Record<string, JsonObject> };
  }
  const schemes = objectAt(objectAt(definition, "components"), "securitySchemes") ?? {};
  for (const [name, scheme] of Object.entries(schemes)) {
    if (!isObject(scheme)) continue;
    const level = levels.get(name);
    const kept = { ...(level !== undefined && { level }), definition: scheme };
    settings.authorizers = { ...settings.authorizers, [name]: kept };
  }
  const root = Object.entries(definition).filter(([key]) => key.startsWith("x-") && key !== RESPONSES);
  if (root.length > 0) settings.extensions = { ...settings.extensions, root: Object.fromEntries(root) };
}

function plainSpec(definition: Definition, paths: JsonObject, keptSchemes: ReadonlySet<string>): JsonObject {
  const spec: JsonObject = {};
  for (const [key, value] of Object.entries(definition)) {
    if (key.startsWith("x-") || key === "security") continue;
    if (key === "paths") spec.paths = paths;
    else if (key === "components") {
      const components = plainComponents(value, keptSchemes);
      if (Object.keys(components).length > 0) spec.components = components;
    } else spec[key] = value;
  }
  return spec;
}

function plainComponents(components: unknown, keptSchemes: ReadonlySet<string>): JsonObject {
  const plain: JsonObject = { ...(isObject(components) && components) };
  const schemes = Object.entries(objectAt(plain, "securitySchemes") ?? {})
    .filter(([name]) => keptSchemes.has(name))
    .map(([name, scheme]) => [
      name,
      Object.fromEntries(
        Object.entries(isObject(scheme) ? scheme : {}).filter(([key]) => !key.startsWith("x-")),
      ),
    ]);
  delete plain.securitySchemes;
  if (schemes.length > 0) plain.securitySchemes = Object.fromEntries(schemes);
  return plain;
}
