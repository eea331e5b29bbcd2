import { arrayAt, isObject, objectAt, type Path, prop, stringAt } from "../../lib/json";
import { restApi } from "../../lib/quotas";
import { type Operation, operationName } from "../operations";
import type { Recorder } from "../recorder";
import { textOf } from "../rest-api/integration";
import { securityNames } from "../routes";

const AUTHORIZER = "x-amazon-apigateway-authorizer";

/** "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/…/invocations"; stage variables and AWS::… are allowed */
const INVOKE_ARN = /^(arn:[^:]+|x):apigateway:[^:]+:lambda:path\/[^/]+\/functions\/.+\/invocations$/;

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
  const schemes = Object.entries(schemesOf(record)).map(([name, declared]) => ({
    name,
    scheme: record.document.resolve(declared, [...path, name])?.value,
  }));
  for (const { name, scheme } of schemes) checkScheme(name, scheme, [...path, name], record);
  const authorizers = schemes.filter(({ scheme }) => isObject(prop(scheme, AUTHORIZER))).length;
  if (authorizers > restApi.authorizers) record.add("authorizer-quota", path, authorizers);
}

function checkScheme(name: string, scheme: unknown, path: Path, record: Recorder): void {
  const type = stringAt(scheme, "type") ?? "none";
  const authorizer = prop(scheme, AUTHORIZER);
  if (type !== "apiKey") {
    const isAuthorizer = authorizer !== undefined;
    record.add(isAuthorizer ? "authorizer-scheme" : "security-scheme-type", path, name, type);
  }
  const authType = textOf(prop(scheme, "x-amazon-apigateway-authtype"));
  if (authorizer === undefined && /^(custom|cognito_user_pools)$/i.test(authType)) {
    record.add("missing-authorizer", path, name, authType);
  }
  if (!isObject(authorizer)) return;
  const at = [...path, AUTHORIZER];
  const uri = prop(authorizer, "authorizerUri");
  if (textOf(authorizer.type).toLowerCase() === "cognito_user_pools") {
    const hasProviders = arrayAt(authorizer, "providerARNs").length > 0;
    if (!hasProviders) record.add("authorizer-definition", at, name, "providerARNs");
  } else if (!uri) record.add("authorizer-definition", at, name, "authorizerUri");
  else if (typeof uri === "string" && !INVOKE_ARN.test(uri.replaceAll(/\$\{[^}]*\}/g, "x"))) {
    record.add("authorizer-uri", [...at, "authorizerUri"], name, uri);
  }
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
  const isAuthorizer = (name: string) => prop(objectAt(schemes, name), AUTHORIZER) !== undefined;
  report("The root", root, []);
  for (const operation of operations) {
    record.operation = operationName(operation);
    report(record.operation, operation.value, operation.path);
    const authorizers = [...new Set(securityNames(operation.value))].filter(isAuthorizer);
    if (authorizers.length > 1) {
      const path = [...operation.path, "security"];
      record.add("several-authorizers", path, record.operation, authorizers.join(", "));
    }
  }
  record.operation = undefined;
}

function schemesOf({ document }: Recorder) {
  return objectAt(objectAt(document.root, "components"), "securitySchemes") ?? {};
}
