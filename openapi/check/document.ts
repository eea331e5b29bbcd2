import { arrayAt, isObject, objectAt, prop, stringAt } from "../../lib/json";
import { restApi } from "../../lib/quotas";
import { type Operation, operationName } from "../operations";
import type { Recorder } from "../recorder";
import { securityNames } from "../routes";

const AUTHORIZER = "x-amazon-apigateway-authorizer";

/** What concerns the document as a whole: version, servers, security schemes. */
export function checkDocument(operations: readonly Operation[], record: Recorder): void {
  const { root, version } = record.document;
  if (version === "3.1") record.add("openapi-version", ["openapi"], String(root.openapi));
  if (Object.hasOwn(root, "webhooks")) record.add("webhooks", ["webhooks"]);
  const servers = arrayAt(root, "servers");
  const basePath = serverPath(servers[0]);
  if (basePath !== "") record.add("base-path", ["servers", 0], basePath);
  if (servers.length > 1) record.add("several-servers", ["servers", 1], servers.length);
  checkSchemes(record);
  checkSecurity(operations, record);
}

/** The server variable `basePath` counts even when the URL does not use it. */
function serverPath(server: unknown): string {
  const variable = stringAt(objectAt(objectAt(server, "variables"), "basePath"), "default");
  const path = variable ?? (stringAt(server, "url") ?? "").replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*/i, "");
  const trimmed = path.replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `/${trimmed}`;
}

function checkSchemes(record: Recorder): void {
  const path = ["components", "securitySchemes"];
  let authorizers = 0;
  for (const [name, declared] of Object.entries(schemesOf(record))) {
    const scheme = record.document.resolve(declared, [...path, name])?.value;
    const type = stringAt(scheme, "type");
    if (type !== "apiKey") record.add("security-scheme-type", [...path, name], name, type ?? "none");
    const authorizer = prop(scheme, AUTHORIZER);
    if (!isObject(authorizer)) continue;
    authorizers++;
    const isCognito = stringAt(authorizer, "type")?.toLowerCase() === "cognito_user_pools";
    const isComplete = isCognito
      ? arrayAt(authorizer, "providerARNs").length > 0
      : stringAt(authorizer, "authorizerUri");
    if (isComplete) continue;
    const missing = isCognito ? "providerARNs" : "authorizerUri";
    record.add("authorizer-definition", [...path, name, AUTHORIZER], name, missing);
  }
  if (authorizers > restApi.authorizers) record.add("authorizer-quota", path, authorizers);
}

function checkSecurity(operations: readonly Operation[], record: Recorder): void {
  const { root } = record.document;
  const schemes = schemesOf(record);
  if (securityNames(root).length > 0) record.add("root-security", ["security"]);
  const report = (owner: string, value: unknown, path: readonly (string | number)[]) => {
    for (const name of securityNames(value)) {
      if (!Object.hasOwn(schemes, name))
        record.add("missing-security-scheme", [...path, "security"], owner, name);
    }
  };
  report("The root", root, []);
  for (const operation of operations) {
    record.operation = operationName(operation);
    report(record.operation, operation.value, operation.path);
  }
  record.operation = undefined;
}

function schemesOf({ document }: Recorder) {
  return objectAt(objectAt(document.root, "components"), "securitySchemes") ?? {};
}
