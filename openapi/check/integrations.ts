import { isObject, type JsonObject, own, ownObject, ownString, type Path } from "../../lib/json";
import { pathItems, type SpecDocument } from "../document";
import { ANY_METHOD, INTEGRATION, METHODS, type Operation, operationName } from "../operations";
import { parsePath } from "../path-template";
import { checkMappings, checkResponseMappings } from "./mappings";
import type { Report } from "./report";

const TYPES = new Set(["http", "http_proxy", "aws", "aws_proxy", "mock"]);

/** What concerns the integrations of a definition. */
export function checkIntegrations(
  document: SpecDocument,
  operations: readonly Operation[],
  report: Report,
  stageVariables: readonly string[],
): void {
  const hosts = privateHosts(operations);
  for (const operation of operations) {
    const integration = own(operation.value, INTEGRATION);
    if (!isObject(integration)) {
      report.add("missing-integration", operation.path, `${operationName(operation)} has no integration.`);
      continue;
    }
    new IntegrationCheck(operation, integration, report).run(hosts, stageVariables);
    checkMappings(operation, integration, report);
    checkResponseMappings(document, operation, integration, report);
  }
  checkOptions(document, report);
  checkCatchAll(document, report);
}

class IntegrationCheck {
  readonly #path: Path;
  readonly #name: string;
  readonly #type: string;
  readonly #uri: string | undefined;

  constructor(
    private readonly operation: Operation,
    private readonly integration: JsonObject,
    private readonly report: Report,
  ) {
    this.#path = [...operation.path, INTEGRATION];
    this.#name = operationName(operation);
    this.#type = (ownString(integration, "type") ?? "").toLowerCase();
    this.#uri = ownString(integration, "uri");
  }

  run(hosts: ReadonlySet<string>, stageVariables: readonly string[]): void {
    if (!TYPES.has(this.#type)) {
      this.report.add("integration-type", this.#path, `${this.#name} has the type "${this.#type}".`);
      return;
    }
    this.#timeout();
    this.#stageVariables(stageVariables);
    if (this.#type === "mock") return;
    this.#method();
    this.#target();
    if (!this.#type.startsWith("http")) return;
    this.#connection(hosts);
    this.#proxy();
    this.#uriPath();
  }

  #timeout(): void {
    const timeout = own(this.integration, "timeoutInMillis");
    if (timeout === undefined) return;
    const path = [...this.#path, "timeoutInMillis"];
    if (typeof timeout !== "number" || timeout < 50) {
      this.report.add("timeout-range", path, `${this.#name} has the timeout ${JSON.stringify(timeout)}.`);
    } else if (timeout > 29_000) this.report.add("timeout-quota", path, `${this.#name} has ${timeout} ms.`);
  }

  #stageVariables(known: readonly string[]): void {
    for (const key of ["uri", "connectionId", "credentials"]) {
      const text = ownString(this.integration, key) ?? "";
      for (const [, name = ""] of text.matchAll(/\$\{stageVariables\.([^}]*)\}/g)) {
        if (known.includes(name)) continue;
        this.report.add(
          "stage-variable",
          [...this.#path, key],
          `${this.#name} uses the stage variable "${name}".`,
        );
      }
    }
  }

  #method(): void {
    const method = ownString(this.integration, "httpMethod")?.toUpperCase();
    const path = [...this.#path, "httpMethod"];
    if (!method) {
      this.report.add("integration-method", this.#path, `${this.#name} has no httpMethod.`);
    } else if (this.#type === "aws_proxy" && method !== "POST" && /:lambda:path\//.test(this.#uri ?? "")) {
      this.report.add("lambda-method", path, `${this.#name} calls its function with ${method}.`);
    } else if (this.#type.startsWith("http") && method !== this.operation.method && method !== "ANY") {
      if (this.operation.method !== "ANY") {
        this.report.add("method-differs", path, `${this.#name} calls the backend with ${method}.`);
      }
    }
  }

  #target(): void {
    // `${AWS::Region}` and the like are put in at import.
    const uri = (this.#uri ?? "").replaceAll(/\$\{AWS::\w+\}/g, "x");
    const http = this.#type.startsWith("http");
    const fits = http
      ? /^https?:\/\/[^/]/.test(uri)
      : /^arn:[^:]+:apigateway:[^:]*:[^:]+:(path|action)\//.test(uri);
    if (!fits)
      this.report.add("integration-uri", [...this.#path, "uri"], `${this.#name} has the uri "${uri}".`);
  }

  #connection(hosts: ReadonlySet<string>): void {
    const link = ownString(this.integration, "connectionType")?.toUpperCase() === "VPC_LINK";
    const id = ownString(this.integration, "connectionId");
    if (link && !id) this.report.add("connection-id", this.#path, `${this.#name} has no connectionId.`);
    else if (!link && (id || hosts.has(hostOf(this.#uri)))) {
      this.report.add("connection-type", this.#path, `${this.#name} has no connectionType VPC_LINK.`);
    }
  }

  /** A non-proxy integration that maps nothing was hardly meant to be one. */
  #proxy(): void {
    if (this.#type !== "http" || own(this.integration, "requestTemplates")) return;
    const responses = Object.values(ownObject(this.integration, "responses") ?? {});
    const mapped = responses.some(
      (response) => own(response, "responseTemplates") ?? own(response, "responseParameters"),
    );
    if (responses.length <= 1 && !mapped) {
      this.report.add("http-not-proxy", [...this.#path, "type"], `${this.#name} has the type http.`);
    }
  }

  #uriPath(): void {
    const uri = this.#uri;
    if (!uri || !/^https?:\/\//.test(uri)) return;
    const wanted = shape(this.operation.template);
    const found = shape(uri.replace(/^https?:\/\/[^/]*/, "").replace(/[?#].*$/, ""));
    if (found === wanted) return;
    const id = this.operation.method === "OPTIONS" ? "options-uri-path" : "uri-path";
    this.report.add(
      id,
      [...this.#path, "uri"],
      `${this.#name} goes to ${uri.replace(/^https?:\/\/[^/]*/, "") || "/"}.`,
    );
  }
}

/** The path with its variables' names taken out, as far as they are whole segments; a trailing slash does not count. */
function shape(path: string): string {
  return parsePath(path)
    .segments.map(({ text, kind }) => (kind === "variable" || kind === "greedy" ? "{}" : text))
    .join("/");
}

function hostOf(uri: string | undefined): string {
  return /^https?:\/\/([^/]*)/.exec(uri ?? "")?.[1] ?? "";
}

/** Hosts that some method reaches through a VPC link. */
function privateHosts(operations: readonly Operation[]): Set<string> {
  const hosts = new Set<string>();
  for (const { value } of operations) {
    const integration = own(value, INTEGRATION);
    if (ownString(integration, "connectionType")?.toUpperCase() === "VPC_LINK")
      hosts.add(hostOf(ownString(integration, "uri")));
  }
  hosts.delete("");
  return hosts;
}

function checkOptions(document: SpecDocument, report: Report): void {
  for (const [template, item, path] of pathItems(document)) {
    const methods = METHODS.filter((method) => isObject(item[method]));
    if (methods.length === 0 || methods.includes("options") || Object.hasOwn(item, ANY_METHOD)) continue;
    report.add("missing-options", path, `${template} has no OPTIONS.`);
  }
}

function checkCatchAll(document: SpecDocument, report: Report): void {
  const caught = pathItems(document).some(
    ([template, item]) => Object.hasOwn(item, ANY_METHOD) && template.endsWith("+}"),
  );
  if (!caught) report.add("missing-catch-all", ["paths"], "No path has ANY on a greedy variable.");
}
