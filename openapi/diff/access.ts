import { LEVELS } from "../adopt/levels";
import { canonical, isObject, type JsonObject, own, ownArray, ownObject, ownString } from "../json";
import { functionName } from "../routes";
import type { Kind } from "./difference";

/** Who may call a method: alternatives, of which a caller has to fulfil one. */
interface AccessRequirement {
  isPublic: boolean;
  /** `{"read-authorizer":[]}` and the like, sorted */
  alternatives: string[];
  names: string[];
  scopes: string[];
  /** How strong the level is, 0 for public; undefined when names don't tell */
  rank: number | undefined;
  text: string;
}

export function accessOf(root: JsonObject, method: JsonObject): AccessRequirement {
  const security = Object.hasOwn(method, "security") ? method.security : root.security;
  const requirements = (Array.isArray(security) ? security : []).filter(isObject);
  const iam = ownString(ownObject(method, "x-amazon-apigateway-auth"), "type")?.toLowerCase() === "aws_iam";
  const names = [
    ...(iam ? ["aws_iam"] : []),
    ...requirements.flatMap((requirement) => Object.keys(requirement)),
  ];
  const isPublic =
    names.length === 0 || (!iam && requirements.some((requirement) => Object.keys(requirement).length === 0));
  const short = names.map((name) => name.replace(/-authorizer$/, ""));
  return {
    isPublic,
    alternatives: requirements.map((requirement) => canonical(requirement)).sort(),
    names,
    scopes: requirements.flatMap((requirement) =>
      Object.values(requirement).flatMap((scopes) => (Array.isArray(scopes) ? scopes.map(String) : [])),
    ),
    rank: isPublic ? 0 : names.length === 1 ? rankOf(names[0] ?? "") : undefined,
    text: isPublic ? "public" : short.join(" + "),
  };
}

function rankOf(name: string): number | undefined {
  const index = LEVELS.findIndex(([, pattern]) => pattern.test(name));
  return index === -1 ? undefined : LEVELS.length - index;
}

/** Where two requirements can't be put in an order, the change counts as neither; a person has to look. */
export function compareAccess(
  before: AccessRequirement,
  after: AccessRequirement,
): { kind: Kind; message: string } | undefined {
  const message = `access ${before.text} → ${after.text}`;
  if (before.isPublic !== after.isPublic) {
    return { kind: after.isPublic ? "access-weakened" : "access-tightened", message };
  }
  if (before.isPublic || canonical(before.alternatives) === canonical(after.alternatives)) {
    return canonical(before.names) === canonical(after.names) || before.isPublic
      ? undefined
      : { kind: "access-changed", message };
  }
  if (before.rank !== undefined && after.rank !== undefined && before.rank !== after.rank) {
    return { kind: after.rank < before.rank ? "access-weakened" : "access-tightened", message };
  }
  return compareAlternatives(before, after, message);
}

function compareAlternatives(
  before: AccessRequirement,
  after: AccessRequirement,
  message: string,
): { kind: Kind; message: string } {
  if (canonical(before.names) === canonical(after.names)) {
    const scopes = `scopes ${before.scopes.join(" ") || "none"} → ${after.scopes.join(" ") || "none"}`;
    return { kind: order(after.scopes, before.scopes), message: `${message} (${scopes})` };
  }
  return { kind: order(before.alternatives, after.alternatives), message };
}

/** More on the right is weaker: another alternative, or a scope less. */
function order(left: readonly string[], right: readonly string[]): Kind {
  const grown = left.every((item) => right.includes(item));
  const shrunk = right.every((item) => left.includes(item));
  if (grown === shrunk) return "access-changed";
  return grown ? "access-weakened" : "access-tightened";
}

/** Authorizers of one name that call another function now. */
export function compareAuthorizers(before: JsonObject, after: JsonObject): string[] {
  const was = authorizers(before);
  return [...authorizers(after)].flatMap(([name, target]) => {
    const old = was.get(name);
    return old === undefined || old === target
      ? []
      : [`the authorizer ${name} calls ${target} instead of ${old}`];
  });
}

function authorizers(root: JsonObject): Map<string, string> {
  const schemes = ownObject(ownObject(root, "components"), "securitySchemes") ?? {};
  const found = new Map<string, string>();
  for (const [name, scheme] of Object.entries(schemes)) {
    const authorizer = own(scheme, "x-amazon-apigateway-authorizer");
    const uri = ownString(authorizer, "authorizerUri");
    const pools = ownArray(authorizer, "providerARNs").join(", ");
    if (uri !== undefined || pools !== "") found.set(name, functionName(uri ?? "") ?? uri ?? pools);
  }
  return found;
}
