import { equal, isObject, type JsonObject, own, ownArray, ownObject, ownString } from "../lib/json";
import { ANY_METHOD, INTEGRATION, METHODS, methodName } from "./operations";

/** One row of a definition's routing table. */
export interface Route {
  /** "GET", or "ANY" */
  method: string;
  path: string;
  /** "public", or the level (the authorizer's name without "-authorizer"); several are joined with " + " */
  access: string;
  /** "http_proxy http://${stageVariables.VPCNLB}/x", "aws_proxy not-found", "mock", "none" */
  integration: string;
  /** The route answers whatever the definition does not define; compile adds it, with the 404 function behind it */
  kind?: "catch-all";
}

/** What API Gateway's export writes for a response that says nothing */
const NO_RESPONSES: JsonObject = { "200": { description: "200 response" } };

const KEYS = new Set<string>([...METHODS, ANY_METHOD]);

/** The routing table of any definition, in the document's order; also of one that is plain or broken. */
export function routesOf(definition: unknown): Route[] {
  const routes: Route[] = [];
  for (const [path, item] of Object.entries(ownObject(definition, "paths") ?? {})) {
    if (!isObject(item)) continue;
    for (const [key, method] of Object.entries(item)) {
      if (!KEYS.has(key) || !isObject(method)) continue;
      const access = accessOf(definition, method);
      routes.push({
        method: methodName(key),
        path,
        access,
        integration: describeIntegration(own(method, INTEGRATION)),
        ...(key === ANY_METHOD && access === "public" && isCatchAll(method) && { kind: "catch-all" }),
      });
    }
  }
  return routes;
}

/** Root security holds for operations without their own: recorded on AWS in July 2025, although the guide denies it. */
function accessOf(definition: unknown, method: JsonObject): string {
  const auth = ownString(ownObject(method, "x-amazon-apigateway-auth"), "type");
  const requirements = Object.hasOwn(method, "security") ? method.security : own(definition, "security");
  const names = (Array.isArray(requirements) ? requirements : [])
    .filter(isObject)
    .flatMap((requirement) => Object.keys(requirement))
    .map((name) => name.replace(/-authorizer$/, ""));
  if (auth?.toLowerCase() === "aws_iam") names.unshift("aws_iam");
  return names.length === 0 ? "public" : names.join(" + ");
}

/** A Lambda proxy without anything from a spec: no response, name or text of its own. */
function isCatchAll(method: JsonObject): boolean {
  const { parameters: _, responses = {}, [INTEGRATION]: integration, ...rest } = method;
  const isBare = Object.keys(rest).length === 0 && equal(responses, NO_RESPONSES);
  return isBare && ownString(integration, "type") === "aws_proxy";
}

/** One line for an integration: type and target, a Lambda function by its name. */
export function describeIntegration(integration: unknown): string {
  if (!isObject(integration)) return "none";
  const type = (ownString(integration, "type") ?? "no type").toLowerCase();
  const uri = ownString(integration, "uri");
  if (uri === undefined) return type;
  return `${type} ${functionName(uri) ?? uri}`;
}

/** The function's name in a Lambda invoke ARN or URI. */
export function functionName(uri: string): string | undefined {
  const [, name] = /:function:([^/:]+)/.exec(uri) ?? [];
  return name;
}

export function securityNames(requirements: unknown): string[] {
  return (Array.isArray(requirements) ? requirements : ownArray(requirements, "security"))
    .filter(isObject)
    .flatMap((requirement) => Object.keys(requirement));
}
