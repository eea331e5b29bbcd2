import { functionName } from "../../lib/arn";
import {
  arrayAt,
  canonical,
  equal,
  isObject,
  type JsonObject,
  objectAt,
  prop,
  stringAt,
  strings,
} from "../../lib/json";
import { LEVELS } from "../adopt/levels";
import type { Kind } from "./difference";

const POLICY = "x-amazon-apigateway-policy";

/** Who can call a method: alternatives, of which a caller has to fulfil one. */
interface AccessRequirement {
  isPublic: boolean;
  requirements: JsonObject[];
  /** The same as text, sorted */
  alternatives: string[];
  names: string[];
  scopes: string[];
  /** How strong the level is, 0 for public; undefined when names do not reveal it */
  rank: number | undefined;
  text: string;
}

export function accessOf(root: JsonObject, method: JsonObject): AccessRequirement {
  const security = Object.hasOwn(method, "security") ? method.security : root.security;
  const requirements = (Array.isArray(security) ? security : []).filter(isObject);
  const iam = stringAt(objectAt(method, "x-amazon-apigateway-auth"), "type")?.toLowerCase() === "aws_iam";
  const names = [
    ...(iam ? ["aws_iam"] : []),
    ...requirements.flatMap((requirement) => Object.keys(requirement)),
  ];
  const isPublic =
    names.length === 0 || (!iam && requirements.some((requirement) => Object.keys(requirement).length === 0));
  return {
    isPublic,
    requirements,
    alternatives: requirements.map((requirement) => canonical(requirement)).sort(),
    names,
    scopes: requirements.flatMap((requirement) => Object.values(requirement).flatMap(strings)),
    rank: isPublic ? 0 : names.length === 1 ? rankOf(names[0] ?? "") : undefined,
    text: isPublic ? "public" : textOf(iam, requirements),
  };
}

/** "a + b or c": all of one alternative are needed */
function textOf(iam: boolean, requirements: readonly JsonObject[]): string {
  const alternatives = requirements.map((requirement) =>
    Object.keys(requirement)
      .map((name) => name.replace(/-authorizer$/, ""))
      .join(" + "),
  );
  return [...(iam ? ["aws_iam"] : []), ...alternatives].join(" or ");
}

function rankOf(name: string): number | undefined {
  const index = LEVELS.findIndex(([, pattern]) => pattern.test(name));
  return index === -1 ? undefined : LEVELS.length - index;
}

/** Two requirements that cannot be ordered have "changed": neither weakened nor tightened, a person has to look. */
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
  const kind = order(before.requirements, after.requirements);
  if (canonical(before.names) !== canonical(after.names)) return { kind, message };
  const scopes = `scopes ${before.scopes.join(" ") || "none"} → ${after.scopes.join(" ") || "none"}`;
  return { kind, message: `${message} (${scopes})` };
}

function order(before: readonly JsonObject[], after: readonly JsonObject[]): Kind {
  const opened = admits(after, before);
  if (opened === admits(before, after)) return "access-changed";
  return opened ? "access-weakened" : "access-tightened";
}

/** Whether everyone who fulfils one of `callers` fulfils one of `gate` too. */
function admits(gate: readonly JsonObject[], callers: readonly JsonObject[]): boolean {
  return callers.every((caller) => gate.some((wanted) => fulfils(caller, wanted)));
}

/** All the schemes of a requirement are needed, with all their scopes. */
function fulfils(caller: JsonObject, wanted: JsonObject): boolean {
  return Object.keys(wanted).every((scheme) => {
    const scopes = arrayAt(caller, scheme);
    return Object.hasOwn(caller, scheme) && arrayAt(wanted, scheme).every((scope) => scopes.includes(scope));
  });
}

/** Authorizers of the same name that call another function, or none. */
export function compareAuthorizers(before: JsonObject, after: JsonObject): { kind: Kind; message: string }[] {
  const authorizersAfter = authorizers(after);
  const schemes = objectAt(objectAt(after, "components"), "securitySchemes") ?? {};
  return [...authorizers(before)].flatMap(([name, old]): { kind: Kind; message: string }[] => {
    const target = authorizersAfter.get(name);
    if (target === old || !Object.hasOwn(schemes, name)) return [];
    if (target === undefined) {
      return [{ kind: "access-weakened", message: `${name} no longer has an authorizer (it was ${old})` }];
    }
    return [{ kind: "access-changed", message: `the authorizer ${name} calls ${target} instead of ${old}` }];
  });
}

/** The resource policy of the whole API. */
export function comparePolicies(
  before: JsonObject,
  after: JsonObject,
): { kind: Kind; message: string } | undefined {
  const [old, current] = [prop(before, POLICY), prop(after, POLICY)];
  if (equal(old, current)) return undefined;
  if (old === undefined) return { kind: "access-tightened", message: "a resource policy is new" };
  if (current === undefined) return { kind: "access-weakened", message: "the resource policy is removed" };
  return { kind: "access-changed", message: "the resource policy is different" };
}

function authorizers(root: JsonObject): Map<string, string> {
  const schemes = objectAt(objectAt(root, "components"), "securitySchemes") ?? {};
  const found = new Map<string, string>();
  for (const [name, scheme] of Object.entries(schemes)) {
    const authorizer = prop(scheme, "x-amazon-apigateway-authorizer");
    const uri = stringAt(authorizer, "authorizerUri");
    const pools = arrayAt(authorizer, "providerARNs").join(", ");
    if (uri !== undefined || pools !== "") found.set(name, functionName(uri ?? "") ?? uri ?? pools);
  }
  return found;
}
