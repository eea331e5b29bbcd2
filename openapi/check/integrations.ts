import { isObject, type JsonObject, objectAt, type Path, prop, stringAt } from "../../lib/json";
import { restApi } from "../../lib/quotas";
import { pathItems } from "../document";
import { ANY_METHOD, INTEGRATION, METHOD_KEYS, type Operation, operationName } from "../operations";
import type { Recorder } from "../recorder";
import { INTEGRATION_TYPES } from "../rest-api/constraints";
import { type IntegrationProblem, integrationProblems, integrationTypeOf } from "../rest-api/integration";
import { parsePath, variablesOf } from "../rest-api/path-template";
import { cloudFormationFunctions } from "./extensions";
import { checkMappings, pathIn } from "./mappings";

/** What concerns the integrations of a definition. */
export function checkIntegrations(
  operations: readonly Operation[],
  record: Recorder,
  stageVariables: readonly string[],
): void {
  const hosts = privateHosts(operations);
  for (const operation of operations) {
    record.operation = operationName(operation);
    const integration = prop(operation.value, INTEGRATION);
    if (isObject(integration)) {
      new IntegrationCheck(operation, integration, record).run(hosts, stageVariables);
    } else record.add("missing-integration", operation.path, record.operation);
  }
  record.operation = undefined;
  checkOptions(record);
  checkCatchAll(record);
}

class IntegrationCheck {
  readonly #path: Path;
  readonly #name: string;
  readonly #type: string;
  readonly #uri: string | undefined;

  constructor(
    private readonly operation: Operation,
    private readonly integration: JsonObject,
    private readonly record: Recorder,
  ) {
    this.#path = [...operation.path, INTEGRATION];
    this.#name = operationName(operation);
    this.#type = integrationTypeOf(integration);
    this.#uri = stringAt(integration, "uri");
  }

  run(hosts: ReadonlySet<string>, stageVariables: readonly string[]): void {
    this.#import();
    if (!INTEGRATION_TYPES.has(this.#type)) return;
    this.#timeout();
    this.#stageVariables(stageVariables);
    checkMappings(this.operation, this.integration, this.record);
    if (this.#type === "mock") return;
    this.#method();
    if (!this.#type.startsWith("http")) return;
    this.#connection(hosts);
    this.#proxy();
    this.#uriPath();
  }

  /** What the import refuses. */
  #import(): void {
    const { operation, record } = this;
    const responses = objectAt(operation.value, "responses");
    const problems = integrationProblems(this.integration, {
      hasParameter: (location, name) =>
        location === "path"
          ? variablesOf(operation.template).includes(name)
          : operation.parameters.some(
              (parameter) =>
                parameter.in === (location === "querystring" ? "query" : location) && parameter.name === name,
            ),
      headersOf: (status) =>
        objectAt(record.document.resolve(prop(responses, status), operation.path)?.value, "headers") ?? {},
    });
    for (const problem of problems) this.#report(problem);
  }

  #report({ rule, path, value, status = "" }: IntegrationProblem): void {
    const at = [...this.#path, ...path];
    if (rule === "response-mapping") this.record.add(rule, at, this.#name, value, status);
    else if (rule === "integration-method") this.record.add(rule, at, this.#name);
    else if (rule === "integration-uri") this.#uriProblem(at);
    else this.record.add(rule, at, this.#name, value);
  }

  #uriProblem(path: Path): void {
    const { uri } = this.integration;
    // A map is a function of CloudFormation, which is reported as such.
    const isFunction = [...cloudFormationFunctions(uri, [])].length > 0;
    if (!isFunction) this.record.add("integration-uri", path, this.#name, JSON.stringify(uri ?? ""));
  }

  #timeout(): void {
    const timeout = Number(prop(this.integration, "timeoutInMillis") ?? 0);
    if (timeout <= restApi.integrationTimeoutMs.max) return;
    this.record.add("timeout-quota", [...this.#path, "timeoutInMillis"], this.#name, timeout);
  }

  #stageVariables(known: readonly string[]): void {
    for (const { key, name } of stageVariablesIn(this.integration)) {
      if (!known.includes(name)) this.record.add("stage-variable", [...this.#path, key], this.#name, name);
    }
  }

  #method(): void {
    const method = stringAt(this.integration, "httpMethod")?.toUpperCase();
    const path = [...this.#path, "httpMethod"];
    if (!method) return;
    if (this.#type === "aws_proxy" && method !== "POST" && /:lambda:path\//.test(this.#uri ?? "")) {
      this.record.add("lambda-method", path, this.#name, method);
    } else if (this.#type.startsWith("http") && ![method, "ANY"].includes(this.operation.method)) {
      if (method !== "ANY") this.record.add("method-differs", path, this.#name, method);
    }
  }

  #connection(hosts: ReadonlySet<string>): void {
    const isLink = usesLink(this.integration);
    const id = stringAt(this.integration, "connectionId");
    if (isLink && !id) this.record.add("connection-id", this.#path, this.#name);
    else if (!isLink && (id || hosts.has(hostOf(this.#uri)))) {
      this.record.add("connection-type", this.#path, this.#name);
    }
  }

  /** A non-proxy integration that maps nothing was probably meant to be a proxy. */
  #proxy(): void {
    if (this.#type !== "http" || prop(this.integration, "requestTemplates")) return;
    const responses = Object.values(objectAt(this.integration, "responses") ?? {});
    const isMapped = responses.some(
      (response) => prop(response, "responseTemplates") ?? prop(response, "responseParameters"),
    );
    if (responses.length <= 1 && !isMapped) {
      this.record.add("http-not-proxy", [...this.#path, "type"], this.#name);
    }
  }

  #uriPath(): void {
    if (!this.#uri || !/^https?:\/\//.test(this.#uri)) return;
    const path = pathIn(this.#uri);
    if (shape(path) === shape(this.operation.template)) return;
    const rule = this.operation.method === "OPTIONS" ? "options-uri-path" : "uri-path";
    this.record.add(rule, [...this.#path, "uri"], this.#name, path || "/");
  }
}

/** The stage variables that an integration uses, with the key that uses each. */
export function stageVariablesIn(integration: unknown): { key: string; name: string }[] {
  return ["uri", "connectionId", "credentials"].flatMap((key) =>
    [...(stringAt(integration, key) ?? "").matchAll(/\$\{stageVariables\.([^}]*)\}/g)].map(
      ([, name = ""]) => ({ key, name }),
    ),
  );
}

/** The path without the names of its variables; variables and greedy variables count as the same, as in a uri. */
function shape(path: string): string {
  return parsePath(path)
    .segments.map(({ text, kind }) => (kind === "variable" || kind === "greedy" ? "{}" : text))
    .join("/");
}

function hostOf(uri: string | undefined): string {
  return /^https?:\/\/([^/]*)/.exec(uri ?? "")?.[1] ?? "";
}

function usesLink(integration: unknown): boolean {
  return stringAt(integration, "connectionType")?.toUpperCase() === "VPC_LINK";
}

/** Hosts that some method reaches through a VPC link. */
function privateHosts(operations: readonly Operation[]): Set<string> {
  const linked = operations.map(({ value }) => prop(value, INTEGRATION)).filter(usesLink);
  const hosts = new Set(linked.map((integration) => hostOf(stringAt(integration, "uri"))));
  hosts.delete("");
  return hosts;
}

function checkOptions(record: Recorder): void {
  for (const [template, item, path] of pathItems(record.document)) {
    const methods = METHOD_KEYS.filter((key) => isObject(item[key]));
    if (methods.length === 0 || methods.includes("options") || Object.hasOwn(item, ANY_METHOD)) continue;
    record.add("missing-options", path, template);
  }
}

function checkCatchAll(record: Recorder): void {
  const isCaught = pathItems(record.document).some(
    ([template, item]) => Object.hasOwn(item, ANY_METHOD) && template.endsWith("+}"),
  );
  if (!isCaught) record.add("missing-catch-all", ["paths"]);
}
