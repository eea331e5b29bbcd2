import { isObject, own, ownArray, ownObject, ownString } from "../../lib/json";
import type { SpecDocument } from "../document";
import { type Operation, operationName } from "../operations";
import { DEFINITION_BYTES } from "../resource-count";
import { securityNames } from "../routes";
import type { Report } from "./report";

const AUTHORIZERS = 10;
const AUTHORIZER = "x-amazon-apigateway-authorizer";

/** What concerns the document as a whole: version, size, servers, security schemes. */
export function checkDocument(
  document: SpecDocument,
  operations: readonly Operation[],
  report: Report,
): void {
  const { root } = document;
  if (document.version === "3.1")
    report.add("openapi-version", ["openapi"], `The document is OpenAPI ${root.openapi}.`);
  if (document.bytes > DEFINITION_BYTES) {
    const size = (document.bytes / 1024 / 1024).toFixed(1);
    report.add("definition-size", [], `The document has ${size} MB.`);
  }
  if (Object.hasOwn(root, "webhooks")) report.add("webhooks", ["webhooks"], "The document has webhooks.");
  checkServers(document, report);
  checkSecurity(document, operations, report);
}

function checkServers({ root }: SpecDocument, report: Report): void {
  const servers = ownArray(root, "servers");
  const basePath = serverPath(servers[0]);
  if (basePath !== "") report.add("base-path", ["servers", 0], `The server's URL has the path ${basePath}.`);
  if (servers.length > 1)
    report.add("several-servers", ["servers", 1], `There are ${servers.length} servers.`);
}

/** The server variable `basePath` counts even when the URL does not use it. */
function serverPath(server: unknown): string {
  const variable = ownString(ownObject(ownObject(server, "variables"), "basePath"), "default");
  const path = variable ?? (ownString(server, "url") ?? "").replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*/i, "");
  const trimmed = path.replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `/${trimmed}`;
}

function checkSecurity(document: SpecDocument, operations: readonly Operation[], report: Report): void {
  const { root } = document;
  const schemes = ownObject(ownObject(root, "components"), "securitySchemes") ?? {};
  const place = ["components", "securitySchemes"];
  let authorizers = 0;
  for (const [name, declared] of Object.entries(schemes)) {
    const scheme = document.resolve(declared, [...place, name])?.value;
    const type = ownString(scheme, "type");
    if (type !== "apiKey") {
      report.add(
        "security-scheme-type",
        [...place, name],
        `The security scheme "${name}" has the type ${type ?? "none"}.`,
      );
    }
    const authorizer = own(scheme, AUTHORIZER);
    if (!isObject(authorizer)) continue;
    authorizers++;
    const cognito = ownString(authorizer, "type")?.toLowerCase() === "cognito_user_pools";
    if (cognito ? ownArray(authorizer, "providerARNs").length > 0 : ownString(authorizer, "authorizerUri"))
      continue;
    report.add(
      "authorizer-definition",
      [...place, name, AUTHORIZER],
      `The authorizer "${name}" is not complete.`,
    );
  }
  if (authorizers > AUTHORIZERS)
    report.add("authorizer-quota", place, `There are ${authorizers} authorizers.`);
  if (securityNames(root).length > 0)
    report.add("root-security", ["security"], "There is security at the root.");
  const owners = operations.map((operation) => ({ ...operation, name: operationName(operation) }));
  for (const { value, path, name: owner } of [{ value: root, path: [], name: "The root" }, ...owners]) {
    for (const name of securityNames(value)) {
      if (Object.hasOwn(schemes, name)) continue;
      report.add(
        "missing-security-scheme",
        [...path, "security"],
        `${owner} needs "${name}", which is not declared.`,
      );
    }
  }
}
