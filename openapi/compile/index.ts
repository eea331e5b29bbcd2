import type { Finding } from "../../lib/finding";
import { at, isObject, type JsonObject, objectAt, type Path, prop, stringAt } from "../../lib/json";
import { cloudFormationFunctions } from "../check/extensions";
import { httpApiMark } from "../check/http-api";
import type { SpecDocument } from "../document";
import {
  ANY_METHOD,
  danglingReferences,
  INTEGRATION,
  methodKey,
  NO_RESPONSES,
  type Operation,
  operationName,
  operationsOf,
} from "../operations";
import { PathItems } from "../path-items";
import { type Change, Recorder } from "../recorder";
import { METHODS } from "../rest-api/constraints";
import { integrationProblems, textOf } from "../rest-api/integration";
import { shapeOf, variablesOf } from "../rest-api/path-template";
import type { ResourceTree } from "../rest-api/resource-tree";
import { type Route, routesOf } from "../routes";
import type { CompileSettings } from "../settings";
import { structureOf } from "../structure";
import { Access, type AuthorizerTarget } from "./access";
import { gatewayResponses } from "./gateway-responses";
import { Integrations, notFoundIntegration } from "./integration";
import { reportLeftOut } from "./left-out";
import { Methods, plainParameter } from "./method";
import { Models } from "./models";
import { OperationSettings } from "./operation-settings";
import { checkQuotas } from "./quotas";
import { type Names, type PlacedOperation, placeOperations } from "./resources";

export interface CompileTargets {
  /** The authorizer function of each access level */
  authorizers: Record<string, AuthorizerTarget>;
  /** The function that answers undefined paths and methods; its Lambda invoke ARN. Needed unless `catchAll` says otherwise */
  notFound?: { uri: string };
  /** ARN of the role that API Gateway assumes to invoke these functions. Default: their resource policies must allow it */
  invokeRole?: string;
}

/** An OpenAPI 3.0 document with x-amazon-apigateway-*, ready for import. */
export type Definition = JsonObject;

export interface Compilation {
  definition: Definition;
  /** Everything that is not as in the spec; its texts are made when it is first read */
  readonly changes: Change[];
  /** Errors mean that the definition must not be used */
  findings: Finding[];
  readonly routes: Route[];
}

export interface CompileOptions {
  /** Where a key of the settings is, for findings: "settings.yaml:3:5" */
  settingPlace?: (path: Path) => string;
}

/**
 * Turns a plain spec into the definition that API Gateway imports. The definition is the same for every stage but for
 * the functions in `targets`: backends are reached through the stage variables VPCLINK and VPCNLB.
 */
export function compile(
  document: SpecDocument,
  settings: CompileSettings,
  targets: CompileTargets,
  options: CompileOptions = {},
): Compilation {
  const record = new Recorder(document, options.settingPlace);
  const definition = build(record, settings, targets);
  let changes: Change[] | undefined;
  let routes: Route[] | undefined;
  return {
    definition,
    findings: record.complaints(),
    get changes() {
      changes ??= record.changes();
      return changes;
    },
    get routes() {
      routes ??= routesOf(definition);
      return routes;
    },
  };
}

function build(record: Recorder, settings: CompileSettings, targets: CompileTargets): Definition {
  const { paths, components } = new Compiler(record, settings, targets).run();
  const responses = gatewayResponses(settings.gatewayResponses);
  const types = Object.keys(responses).join(", ");
  if (types !== "") record.compiling("gateway-responses", [], types);
  const definition: Definition = {
    openapi: "3.0.1",
    info: infoOf(record.document),
    paths,
    ...(Object.keys(components).length > 0 && { components }),
    ...validatorExtensions(settings.validate),
    ...(types !== "" && { "x-amazon-apigateway-gateway-responses": responses }),
    ...settings.extensions?.root,
  };
  checkQuotas(definition, record, settings.quotas?.resources);
  reportLeftOut(record, settings);
  reportRefusedSettings(record, settings, definition);
  return definition;
}

/** What the import would refuse of the integrations and methods that the settings have. */
function reportRefusedSettings(record: Recorder, settings: CompileSettings, definition: Definition): void {
  for (const section of ["integrations", "methods"] as const) {
    for (const key of Object.keys(settings[section] ?? {})) {
      const [method = "", template = ""] = key.split(" ");
      const compiled = methodIn(definition, method, template);
      const integration = prop(compiled, INTEGRATION);
      const found = [
        ...[...cloudFormationFunctions(integration, [])].map(
          ({ path, name }) => `${path.join("/")} is ${name}`,
        ),
        ...(isObject(integration) ? refusedOf(integration, template) : []),
      ];
      const [first] = found;
      if (first !== undefined) record.compiling("settings-refused", [section, key], key, found.join("; "));
    }
  }
}

/** The method of a key of the settings; the names of variables can differ. */
function methodIn(definition: Definition, method: string, template: string): unknown {
  const shape = shapeOf(template);
  const paths = objectAt(definition, "paths") ?? {};
  const path = Object.keys(paths).find((one) => shapeOf(one) === shape);
  return path === undefined ? undefined : prop(prop(paths, path), methodKey(method));
}

function refusedOf(integration: JsonObject, template: string): string[] {
  // Parameters and headers are those of the spec; check looks at them.
  const method = { hasParameter: () => true, headersOf: () => ({ [template]: {} }) };
  const refused = [...integrationProblems(integration, method)];
  return refused
    .filter(({ rule, path }) => rule !== "response-mapping" && !isObject(at(integration, path)))
    .map(({ value, aws }) => `${value || "no value"}: ${aws}`);
}

function infoOf({ root }: SpecDocument): JsonObject {
  const info = objectAt(root, "info");
  const description = stringAt(info, "description");
  return {
    title: stringAt(info, "title") || "API",
    ...(description !== undefined && { description }),
    version: textOf(prop(info, "version") ?? "1") || "1",
  };
}

const VALIDATES = { params: [true, false], body: [false, true], both: [true, true] } as const;

function validatorExtensions(validate: CompileSettings["validate"] = "none"): JsonObject {
  if (validate === "none") return {};
  const [validateRequestParameters, validateRequestBody] = VALIDATES[validate];
  return {
    "x-amazon-apigateway-request-validators": {
      [validate]: { validateRequestBody, validateRequestParameters },
    },
    "x-amazon-apigateway-request-validator": validate,
  };
}

/** Whether anything of the definition has request bodies validated against the models. */
function validatesBodies({ validate, extensions }: CompileSettings): boolean {
  if (validate === "body" || validate === "both") return true;
  const validators = objectAt(extensions?.root, "x-amazon-apigateway-request-validators") ?? {};
  return Object.values(validators).some((validator) => prop(validator, "validateRequestBody") === true);
}

class Compiler {
  readonly #access: Access;
  readonly #integrations: Integrations;
  readonly #models: Models | undefined;
  readonly #methods: Methods;
  readonly #extensions: OperationSettings<JsonObject>;

  constructor(
    private readonly record: Recorder,
    private readonly settings: CompileSettings,
    private readonly targets: CompileTargets,
  ) {
    const validatesBody = validatesBodies(settings);
    this.#access = new Access(record, settings, targets.authorizers, targets.invokeRole);
    this.#integrations = new Integrations(record, settings);
    this.#models = settings.models === false ? undefined : new Models(record, validatesBody);
    this.#methods = new Methods(record, this.#models, validatesBody);
    this.#extensions = new OperationSettings(["extensions", "operations"], settings.extensions?.operations);
  }

  run(): { paths: JsonObject; components: JsonObject } {
    const operations = this.#operations();
    reportBroken(this.record);
    const templates = new Set(operations.map(({ template }) => template));
    const { placed, tree } = placeOperations(templates, operations, this.record);
    const paths = new PathItems();
    for (const one of placed) this.#add(paths, one);
    const preflights = this.#preflights(paths, placed);
    this.#addCatchAll(paths, tree);
    for (const [name, method] of Object.entries(this.settings.methods ?? {})) {
      const [verb = "", path = ""] = name.split(" ");
      paths.at(path)[methodKey(verb)] = method;
    }
    const all = [...operations, ...preflights];
    this.#access.reportUnused(all);
    this.#access.reportUnenforced();
    this.#integrations.reportUnused(all);
    this.#extensions.reportUnused(this.record, all);
    return { paths: paths.toObject(), components: this.#components() };
  }

  #operations(): Operation[] {
    return operationsOf(this.record.document).filter((operation) => {
      const { method, path } = operation;
      const why =
        method === "ANY"
          ? "ANY is not a method of OpenAPI; put it into the settings under `methods`"
          : `API Gateway has no ${method} method`;
      const isSupported = (METHODS as readonly string[]).includes(method);
      if (!isSupported) this.record.compiling("unsupported-method", path, operationName(operation), why);
      return isSupported;
    });
  }

  #add(paths: PathItems, placed: PlacedOperation): void {
    const { operation, path } = placed;
    this.record.operation = operationName(operation);
    const security = operation.method === "OPTIONS" ? undefined : this.#access.securityOf(operation);
    const integration = this.#integrations.of(placed);
    paths.at(path)[operation.key] = {
      ...this.#methods.describe(placed),
      ...(security && { security }),
      ...this.#extensions.find(operation.method, operation.template)?.value,
      [INTEGRATION]: integration,
    };
    this.record.compiling("integration", operation.path, shownTarget(integration));
    this.record.operation = undefined;
  }

  /**
   * OPTIONS of every path is sent to the backend without an authorizer: a browser's preflight carries no Authorization
   * header, and the backend's CORS answer is the one that counts.
   */
  #preflights(paths: PathItems, placed: readonly PlacedOperation[]): Operation[] {
    const { options = true } = this.settings;
    if (options === false) return [];
    const except = new Set(options === true ? [] : options.except);
    const added: Operation[] = [];
    for (const one of placed) {
      const item = paths.at(one.path);
      if (item.options || except.has(one.path) || except.has(one.operation.template)) continue;
      const operation = { ...one.operation, key: "options", method: "OPTIONS", value: {}, parameters: [] };
      added.push(operation);
      item.options = {
        ...withPathParameters(one.path, { responses: NO_RESPONSES }),
        [INTEGRATION]: this.#integrations.of({ ...one, operation }),
      };
      this.record.compiling("added-options", one.operation.path.slice(0, -1), one.path);
    }
    return added;
  }

  /**
   * ANY on `/` and on the greedy path below it. API Gateway matches path and method as one: a request reaches the most
   * specific resource that has its method, so the greedy one also gets the methods that a resource lacks (measured on
   * AWS: ministackorg/ministack#1423, floci-io/floci#3399). Where a variable of the spec takes the place of `{proxy+}`
   * ("only one is allowed" per parent), ANY is added to that variable and to the greedy one below it.
   */
  #addCatchAll(paths: PathItems, tree: ResourceTree<Names>): void {
    const { catchAll = true } = this.settings;
    if (catchAll === false) return;
    const uri = this.targets.notFound?.uri ?? (catchAll === true ? undefined : catchAll.uri);
    if (uri === undefined) throw new Error("compile needs the 404 function (targets.notFound) for catchAll");
    const any = { responses: NO_RESPONSES, [INTEGRATION]: notFoundIntegration(uri, this.targets.invokeRole) };
    const add = (path: string) => {
      paths.at(path)[ANY_METHOD] ??= withPathParameters(path, any);
      this.record.compiling("added-catch-all", ["paths"], path);
    };
    let node = tree.root;
    add("/");
    while (node.variable) {
      node = node.variable;
      add(node.value?.path ?? "/");
    }
    add(node.greedy?.value?.path ?? `${node.value?.path ?? ""}/{proxy+}`);
  }

  #components(): JsonObject {
    const schemas = this.#models?.components() ?? {};
    const securitySchemes = this.#access.schemes();
    return {
      ...(Object.keys(schemas).length > 0 && { schemas }),
      ...(Object.keys(securitySchemes).length > 0 && { securitySchemes }),
    };
  }
}

/** HTTP APIs, references without a target, and parts that are not the map or list that they have to be. */
export function reportBroken(record: Recorder): void {
  const { document } = record;
  const mark = httpApiMark(document.root, operationsOf(document));
  if (mark) record.add("http-api", mark.path, mark.name);
  for (const { ref, path } of danglingReferences(record.document)) record.add("missing-reference", path, ref);
  const { wrong, empty } = structureOf(record.document);
  for (const { path, part, wanted, actual } of wrong)
    record.add("wrong-structure", path, part, wanted, actual);
  for (const { path, part } of empty) record.add("empty-part", path, part);
}

function shownTarget({ uri, type }: JsonObject): string {
  return typeof uri === "string" ? uri : textOf(type);
}

function withPathParameters(path: string, method: JsonObject): JsonObject {
  const names = variablesOf(path);
  if (names.length === 0) return method;
  return { parameters: names.map((name) => plainParameter(name, "path", true, undefined)), ...method };
}
