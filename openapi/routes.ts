import { functionName } from "../lib/arn";
import { arrayAt, equal, isObject, type JsonObject, objectAt, prop, stringAt } from "../lib/json";
import { ANY_METHOD, INTEGRATION, methodName, NO_RESPONSES, OPERATION_KEYS } from "./operations";

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

/** The routing table of any definition, in the document's order; also of one that is plain or broken. */
export function routesOf(definition: unknown): Route[] {
  const routes: Route[] = [];
  for (const [path, item] of Object.entries(objectAt(definition, "paths") ?? {})) {
    if (!isObject(item)) continue;
    for (const [key, method] of Object.entries(item)) {
      if (!OPERATION_KEYS.has(key) || !isObject(method)) continue;
      const access = accessOf(definition, method);
      routes.push({
        method: methodName(key),
        path,
        access,
        integration: describeIntegration(prop(method, INTEGRATION)),
        ...(key === ANY_METHOD && access === "public" && isCatchAll(method) && { kind: "catch-all" }),
      });
    }
  }
  return routes;
}

/** Root security applies to operations without their own: recorded on AWS in July 2025, although the guide denies it. */
function accessOf(definition: unknown, method: JsonObject): string {
  const auth = stringAt(objectAt(method, "x-amazon-apigateway-auth"), "type");
  const requirements = Object.hasOwn(method, "security") ? method.security : prop(definition, "security");
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
  return isBare && stringAt(integration, "type") === "aws_proxy";
}

/** One line for an integration: type and target, a Lambda function by its name. */
export function describeIntegration(integration: unknown): string {
  if (!isObject(integration)) return "none";
  const type = (stringAt(integration, "type") ?? "no type").toLowerCase();
  const uri = stringAt(integration, "uri");
  if (uri === undefined) return type;
  return `${type} ${functionName(uri) ?? uri}`;
}

export function securityNames(requirements: unknown): string[] {
  return (Array.isArray(requirements) ? requirements : arrayAt(requirements, "security"))
    .filter(isObject)
    .flatMap((requirement) => Object.keys(requirement));
}
