import type { JsonObject } from "../../lib/json";
import { operationName } from "../operations";
import type { Recorder } from "../recorder";
import { variablesOf, withoutGreedy } from "../rest-api/path-template";
import type { CompileSettings } from "../settings";
import { OperationSettings } from "./operation-settings";
import type { PlacedOperation } from "./resources";

const BACKEND = "http://${stageVariables.VPCNLB}";

/** Makes the private integration of each operation: the same method and path on the service's port. */
export class Integrations {
  readonly #backendPaths: OperationSettings<string>;
  readonly #timeouts: OperationSettings<number>;
  readonly #overlays: OperationSettings<JsonObject>;

  constructor(
    private readonly record: Recorder,
    private readonly settings: CompileSettings,
  ) {
    this.#backendPaths = new OperationSettings(["backendPaths"], settings.backendPaths);
    this.#timeouts = new OperationSettings(["timeoutMs", "rules"], settings.timeoutMs?.rules);
    this.#overlays = new OperationSettings(["integrations"], settings.integrations);
  }

  of(placed: PlacedOperation): JsonObject {
    const { method, template } = placed.operation;
    const { path, mapping } = this.#backend(placed);
    const timeout = this.#timeouts.find(method, template)?.value ?? this.settings.timeoutMs?.default;
    return this.#merged(method, template, {
      type: "http_proxy",
      httpMethod: method,
      uri: BACKEND + path,
      connectionType: "VPC_LINK",
      connectionId: "${stageVariables.VPCLINK}",
      passthroughBehavior: "when_no_match",
      ...(timeout !== undefined && { timeoutInMillis: timeout }),
      ...(mapping.length > 0 && { requestParameters: Object.fromEntries(mapping) }),
    });
  }

  reportUnused(operations: readonly { method: string; template: string }[]): void {
    for (const rules of [this.#backendPaths, this.#timeouts, this.#overlays]) {
      rules.reportUnused(this.record, operations);
    }
  }

  #backend(placed: PlacedOperation): { path: string; mapping: [string, string][] } {
    const { method, template } = placed.operation;
    const rule = this.#backendPaths.find(method, template);
    const path = this.#slashed(rule?.value ?? placed.backendPath);
    const names = rule
      ? this.#namesOf(placed, rule.key, rule.value)
      : new Map(placed.variables.map((variable) => [variable.specName, variable.name]));
    const mapping = variablesOf(path).map((name): [string, string] => [
      `integration.request.path.${name}`,
      `method.request.path.${names.get(name) ?? name}`,
    ]);
    return { path: withoutGreedy(path), mapping };
  }

  /** Django redirects a path without a trailing slash, and a redirect loses the body of a POST. */
  #slashed(path: string): string {
    return this.settings.trailingSlash && !path.endsWith("/") ? `${path}/` : path;
  }

  /** Maps the backend's variables by their names in the rule's path or in the spec, the rest by position. */
  #namesOf(placed: PlacedOperation, key: string, backendPath: string): Map<string, string> {
    const inRule = variablesOf(key.slice(key.indexOf(" ") + 1));
    const names = new Map<string, string>();
    const left = new Set(placed.variables);
    const wanted = variablesOf(backendPath);
    for (const name of wanted) {
      const known =
        placed.variables[inRule.indexOf(name)] ?? placed.variables.find(({ specName }) => specName === name);
      if (!known) continue;
      names.set(name, known.name);
      left.delete(known);
    }
    const rest = [...left];
    const open = wanted.filter((name) => !names.has(name));
    for (const [index, name] of open.entries()) {
      const variable = rest[index];
      if (variable && rest.length === open.length) names.set(name, variable.name);
      else {
        const owner = operationName(placed.operation);
        const known = placed.variables.map(({ specName }) => `{${specName}}`).join(", ") || "none";
        const path = ["backendPaths", key];
        this.record.compiling("backend-path-variable", path, backendPath, name, owner, known);
      }
    }
    return names;
  }

  #merged(method: string, template: string, integration: JsonObject): JsonObject {
    const overlay = this.#overlays.find(method, template)?.value;
    if (!overlay) return integration;
    if (Object.hasOwn(overlay, "type")) return overlay;
    const merged = { ...integration, ...overlay };
    for (const [key, value] of Object.entries(overlay)) if (value === null) delete merged[key];
    return merged;
  }
}

/** ANY → the 404 function. API Gateway invokes Lambda with POST whatever the method of the request. */
export function notFoundIntegration(uri: string, credentials?: string): JsonObject {
  const integration = { type: "aws_proxy", httpMethod: "POST", uri, passthroughBehavior: "when_no_match" };
  return { ...integration, ...(credentials && { credentials }), contentHandling: "CONVERT_TO_TEXT" };
}
