import type { Finding } from "../../lib/finding";
import { type JsonObject, own, ownObject, ownString, type Path } from "../../lib/json";
import type { SpecDocument } from "../document";
import type { Change } from "../located";
import {
  ANY_METHOD,
  danglingReferences,
  INTEGRATION,
  methodKey,
  type Operation,
  operationName,
  operationsOf,
} from "../operations";
import { type Route, routesOf } from "../routes";
import type { CompileSettings } from "../settings";
import { wrongParts } from "../structure";
import { Access, type AuthorizerTarget } from "./access";
import { Context } from "./context";
import { gatewayResponses } from "./gateway-responses";
import { Integrations, notFoundIntegration } from "./integration";
import { reportLeftOut } from "./left-out";
import { Methods, NO_RESPONSES } from "./method";
import { Models } from "./models";
import { checkQuotas } from "./quotas";
import { type PlacedOperation, placeOperations, type Resource } from "./resources";
import { OperationRules } from "./rules";

export interface CompileTargets {
  /** The authorizer function of each access level */
  authorizers: Record<string, AuthorizerTarget>;
  /** The function that answers undefined paths and methods; its Lambda invoke ARN. Needed unless `catchAll` says otherwise */
  notFound?: { uri: string };
}

/** An OpenAPI 3.0 document with x-amazon-apigateway-*, ready for import. */
export type Definition = JsonObject;

export interface Compilation {
  definition: Definition;
  /** Everything that is not as in the spec; gathered when it is first asked for */
  readonly changes: Change[];
  /** Errors mean that the definition must not be used */
  findings: Finding[];
  readonly routes: Route[];
}

export interface CompileOptions {
  /** The place of a settings key for findings: "settings.yaml:3:5" */
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
  const place = options.settingPlace ?? describeSetting;
  const context = new Context(document, settings, place, false);
  const definition = build(context, targets);
  let changes: Change[] | undefined;
  let routes: Route[] | undefined;
  return {
    definition,
    findings: context.findings,
    get changes() {
      changes ??= changesOf(new Context(document, settings, place, true), targets);
      return changes;
    },
    get routes() {
      routes ??= routesOf(definition);
      return routes;
    },
  };
}

function build(context: Context, targets: CompileTargets): Definition {
  const { document, settings } = context;
  const { paths, components } = new Compiler(context, targets).run();
  const responses = gatewayResponses(settings.gatewayResponses);
  const definition: Definition = {
    openapi: "3.0.1",
    info: infoOf(document),
    paths,
    ...(Object.keys(components).length > 0 && { components }),
    ...validatorExtensions(settings.validate),
    ...(Object.keys(responses).length > 0 && { "x-amazon-apigateway-gateway-responses": responses }),
    ...settings.extensions?.root,
  };
  if (Object.keys(responses).length > 0) {
    const what = `The gateway's own answers are added: ${Object.keys(responses).join(", ")}`;
    context.change("gateway-responses", [], what, "Callers get JSON that says why they were refused");
  }
  checkQuotas(definition, context);
  return definition;
}

/** The same compilation once more, with its changes kept: most callers never ask for them. */
function changesOf(context: Context, targets: CompileTargets): Change[] {
  build(context, targets);
  reportLeftOut(context);
  return context.changes;
}

function describeSetting(path: Path): string {
  return `settings ${path.map((key) => (/^\w+$/.test(String(key)) ? key : JSON.stringify(key))).join(".")}`;
}

function infoOf({ root }: SpecDocument): JsonObject {
  const info = ownObject(root, "info");
  const description = ownString(info, "description");
  return {
    title: ownString(info, "title") || "API",
    ...(description !== undefined && { description }),
    version: String(own(info, "version") ?? "1"),
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

class Compiler {
  readonly #access: Access;
  readonly #integrations: Integrations;
  readonly #models: Models | undefined;
  readonly #methods: Methods;
  readonly #extensions: OperationRules<JsonObject>;
  readonly #whole: Map<string, JsonObject>;

  constructor(
    private readonly context: Context,
    private readonly targets: CompileTargets,
  ) {
    const { settings } = context;
    const validatesBody = settings.validate === "body" || settings.validate === "both";
    this.#access = new Access(context, targets.authorizers);
    this.#integrations = new Integrations(context);
    this.#models = settings.models === false ? undefined : new Models(context, validatesBody);
    this.#methods = new Methods(context, this.#models, validatesBody);
    this.#extensions = new OperationRules(["extensions", "operations"], settings.extensions?.operations);
    this.#whole = new Map(Object.entries(settings.methods ?? {}));
  }

  run(): { paths: JsonObject; components: JsonObject } {
    const operations = this.#operations();
    for (const { ref, path } of danglingReferences(this.context.document)) {
      const message = `The reference ${ref} leads nowhere. Correct it or add what it names.`;
      this.context.finding("error", "missing-reference", path, message);
    }
    for (const { path, found } of wrongParts(this.context.document)) {
      this.context.finding("error", "wrong-structure", path, `${found} What it should say is lost.`);
    }
    const { placed, root } = placeOperations(operations, this.context);
    const paths: Record<string, JsonObject> = {};
    for (const one of placed) this.#add(paths, one);
    const preflights = this.#preflights(paths, placed);
    this.#addCatchAll(paths, root);
    for (const [name, method] of this.#whole) this.#addWhole(paths, name, method);
    const all = [...operations, ...preflights];
    this.#access.reportUnused(all);
    this.#integrations.reportUnused(all);
    this.#extensions.reportUnused(this.context, all);
    return { paths, components: this.#components() };
  }

  #operations(): Operation[] {
    return operationsOf(this.context.document).filter((operation) => {
      const supported = operation.method !== "TRACE" && operation.method !== "ANY";
      if (!supported) {
        const message = `${operationName(operation)} is left out: ${operation.method === "TRACE" ? "API Gateway has no TRACE method" : "ANY is no method of OpenAPI; write it into the settings under `methods`"}.`;
        this.context.finding("warning", "unsupported-method", operation.path, message);
      }
      return supported;
    });
  }

  #add(paths: Record<string, JsonObject>, placed: PlacedOperation): void {
    const { operation, path } = placed;
    const security = operation.method === "OPTIONS" ? undefined : this.#access.securityOf(operation);
    const integration = this.#integrations.of(placed);
    paths[path] ??= {};
    paths[path][operation.key] = {
      ...this.#methods.describe(placed),
      ...(security && { security }),
      ...this.#extensions.find(operation.method, operation.template)?.value,
      [INTEGRATION]: integration,
    };
    this.context.change(
      "integration",
      operation.path,
      `It goes to ${integration.uri ?? integration.type}`,
      "The gateway's part, which a plain spec does not have",
    );
  }

  /**
   * OPTIONS of every path goes to the backend without an authorizer: a browser's preflight carries no Authorization
   * header, and the backend's own CORS answer is the one that counts.
   */
  #preflights(
    paths: Record<string, JsonObject>,
    placed: readonly PlacedOperation[],
  ): PlacedOperation["operation"][] {
    const { options = true } = this.context.settings;
    if (options === false) return [];
    const except = new Set(options === true ? [] : options.except);
    const added: PlacedOperation["operation"][] = [];
    for (const one of placed) {
      const item = paths[one.path];
      if (!item || item.options || except.has(one.path) || except.has(one.operation.template)) continue;
      const operation = { ...one.operation, key: "options", method: "OPTIONS", value: {}, parameters: [] };
      added.push(operation);
      item.options = {
        ...this.#methods.describe({ ...one, operation }),
        [INTEGRATION]: this.#integrations.of({ ...one, operation }),
      };
      const why = "Browsers' preflights carry no login; the backend answers them";
      this.context.change(
        "added-options",
        one.operation.path.slice(0, -1),
        `OPTIONS ${one.path} is added`,
        why,
      );
    }
    return added;
  }

  /**
   * ANY on `/` and on the greedy path below it. API Gateway matches path and method as one: a request goes to the
   * most specific resource that has its method, so the greedy one also gets the methods that a resource lacks
   * (measured on AWS: ministackorg/ministack#1423, floci-io/floci#3399). Where a variable of the spec takes the place
   * of `{proxy+}` ("only one is allowed" per parent), ANY goes on that variable and the greedy one below it.
   */
  #addCatchAll(paths: Record<string, JsonObject>, root: Resource): void {
    const { catchAll = true } = this.context.settings;
    if (catchAll === false) return;
    const uri = this.targets.notFound?.uri ?? (catchAll === true ? undefined : catchAll.uri);
    if (uri === undefined) throw new Error("compile needs the 404 function (targets.notFound) for catchAll");
    const any = { responses: NO_RESPONSES, [INTEGRATION]: notFoundIntegration(uri) };
    const add = (path: string) => {
      paths[path] ??= {};
      paths[path][ANY_METHOD] ??= withPathParameters(path, any);
      const why = "The 404 function answers what is not defined";
      this.context.change("added-catch-all", ["paths"], `ANY ${path} is added`, why);
    };
    let node = root;
    add("/");
    while (node.variable) {
      node = node.variable;
      add(node.path);
    }
    add(node.greedy?.path ?? `${node.path === "/" ? "" : node.path}/{proxy+}`);
  }

  #addWhole(paths: Record<string, JsonObject>, name: string, method: JsonObject): void {
    const [verb = "", path = ""] = name.split(" ");
    paths[path] ??= {};
    paths[path][methodKey(verb)] = method;
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

function withPathParameters(path: string, method: JsonObject): JsonObject {
  const names = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name]) => name);
  if (names.length === 0) return method;
  const parameters = names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } }));
  return { parameters, ...method };
}
