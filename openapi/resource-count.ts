import { parsePath } from "./path-template";

/** "Resources per API: 300 (can be increased)"
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
export const RESOURCES = 300;

/** "Maximum size of an API definition: 6 MB" */
export const DEFINITION_BYTES = 6 * 1024 * 1024;

/** Resources as AWS counts them: the root, and every part of a path once, also where it has no method. */
export function countResources(templates: Iterable<string>): number {
  const resources = new Set<string>([""]);
  for (const template of templates) {
    let path = "";
    for (const { text, kind } of parsePath(template).segments) {
      path += `/${kind === "variable" || kind === "greedy" ? "{}" : text}`;
      resources.add(path);
    }
  }
  return resources.size;
}
