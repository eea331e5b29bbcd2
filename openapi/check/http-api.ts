import { type JsonObject, objectAt, type Path, prop } from "../../lib/json";
import { INTEGRATION, type Operation } from "../operations";
import { textOf } from "../rest-api/integration";

/**
 * What shows that a document is an HTTP API (v2), which has other extensions: the version mark of its exports, the
 * $default route, and keys of its integrations. A JWT authorizer alone is a mistake in a REST API.
 */
export function httpApiMark(
  root: JsonObject,
  operations: readonly Operation[],
): { name: string; path: Path } | undefined {
  for (const key of ["x-amazon-apigateway-importexport-version", "x-amazon-apigateway-cors"]) {
    if (Object.hasOwn(root, key)) return { name: key, path: [key] };
  }
  if (Object.hasOwn(objectAt(root, "paths") ?? {}, "/$default")) {
    return { name: "the path /$default", path: ["paths", "/$default"] };
  }
  for (const { value, path } of operations) {
    const integration = prop(value, INTEGRATION);
    const at = [...path, INTEGRATION];
    if (prop(integration, "integrationSubtype") !== undefined) {
      return { name: "an integrationSubtype", path: [...at, "integrationSubtype"] };
    }
    if (textOf(prop(integration, "payloadFormatVersion")).startsWith("2")) {
      return { name: "the payload format version 2.0", path: [...at, "payloadFormatVersion"] };
    }
  }
  return undefined;
}
