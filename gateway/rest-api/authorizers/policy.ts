import { contains } from "../../../lib/cidr";
import { wildcard } from "../../../lib/iam";
import { isObject } from "../../../lib/json";

/** An explicit Deny overrides any Allow; without either it is an implicit deny. */
export type Decision = "allow" | "explicit deny" | "implicit deny";

export interface PolicyRequest {
  /** e.g. `execute-api:Invoke`. */
  action: string;
  /** ARN of the request. */
  resource: string;
  /** Condition keys, lower case, e.g. `aws:sourceip`. */
  conditions?: Record<string, string | undefined>;
}

export interface Statement {
  effect: "Allow" | "Deny";
  action: (action: string) => boolean;
  resource: (resource: string) => boolean;
  condition: (values: Record<string, string | undefined>) => boolean;
}

/** @throws Error when AWS could not parse the document */
export function compilePolicy(
  document: unknown,
  resourceOf: (pattern: string) => string = (text) => text,
): Statement[] {
  if (!isObject(document)) throw new Error("the policy document is not an object");
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  return statements.map((value) => {
    if (!isObject(value)) throw new Error("a policy statement is not an object");
    if (value.Effect !== "Allow" && value.Effect !== "Deny")
      throw new Error("a policy statement has no valid Effect");
    return {
      effect: value.Effect,
      action: matcher(value.Action, value.NotAction, (text) => text.toLowerCase()),
      resource: matcher(value.Resource, value.NotResource, resourceOf),
      condition: compileConditions(value.Condition),
    };
  });
}

export function evaluate(statements: readonly Statement[], request: PolicyRequest): Decision {
  let allowed = false;
  for (const statement of statements) {
    if (!statement.action(request.action.toLowerCase())) continue;
    if (!statement.resource(request.resource)) continue;
    if (!statement.condition(request.conditions ?? {})) continue;
    if (statement.effect === "Deny") return "explicit deny";
    allowed = true;
  }
  return allowed ? "allow" : "implicit deny";
}

function matcher(value: unknown, not: unknown, prepare: (text: string) => string): (text: string) => boolean {
  const given = value ?? not;
  const list = Array.isArray(given) ? given : [given];
  if (given === undefined || list.some((pattern) => typeof pattern !== "string")) {
    throw new Error("a policy statement has no valid Action or Resource");
  }
  const patterns = list.map((pattern) => wildcard(prepare(pattern as string)));
  return (text) => patterns.some((pattern) => pattern(text)) === (value !== undefined);
}

type Operator = (value: string, expected: string) => boolean;

const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    stringequals: (value, expected) => value === expected,
    stringequalsignorecase: (value, expected) => value.toLowerCase() === expected.toLowerCase(),
    stringlike: (value, expected) => wildcard(expected)(value),
    arnequals: (value, expected) => wildcard(expected)(value),
    arnlike: (value, expected) => wildcard(expected)(value),
    bool: (value, expected) => value.toLowerCase() === expected.toLowerCase(),
    numericequals: (value, expected) => Number(value) === Number(expected),
    numericlessthan: (value, expected) => Number(value) < Number(expected),
    numericlessthanequals: (value, expected) => Number(value) <= Number(expected),
    numericgreaterthan: (value, expected) => Number(value) > Number(expected),
    numericgreaterthanequals: (value, expected) => Number(value) >= Number(expected),
    datelessthan: (value, expected) => Date.parse(value) < Date.parse(expected),
    datelessthanequals: (value, expected) => Date.parse(value) <= Date.parse(expected),
    dategreaterthan: (value, expected) => Date.parse(value) > Date.parse(expected),
    dategreaterthanequals: (value, expected) => Date.parse(value) >= Date.parse(expected),
    ipaddress: (value, expected) => contains(expected, value),
  } satisfies Record<string, Operator>),
);

const NEGATIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    stringnotequals: "stringequals",
    stringnotequalsignorecase: "stringequalsignorecase",
    stringnotlike: "stringlike",
    arnnotequals: "arnequals",
    arnnotlike: "arnlike",
    numericnotequals: "numericequals",
    notipaddress: "ipaddress",
  }),
);

/** All operators and keys have to match; one of several values for a key is enough, and none for a negated operator. */
function compileConditions(value: unknown): Statement["condition"] {
  if (value === undefined) return () => true;
  if (!isObject(value)) throw new Error("a policy statement has an invalid Condition");
  const tests: Statement["condition"][] = [];
  for (const [name, keys] of Object.entries(value)) {
    const lower = name.toLowerCase();
    const ifExists = lower.endsWith("ifexists");
    const plain = ifExists ? lower.slice(0, -"ifexists".length) : lower;
    const negated = NEGATIONS.get(plain);
    const operator = OPERATORS.get(negated ?? plain);
    for (const [key, expected] of Object.entries(isObject(keys) ? keys : {})) {
      const wanted = (Array.isArray(expected) ? expected : [expected]).map(String);
      if (plain === "null") {
        tests.push((values) => (values[key.toLowerCase()] === undefined) === (wanted[0] === "true"));
        continue;
      }
      if (!operator) throw new Error(`the condition operator ${name} is not supported`);
      tests.push((values) => {
        const actual = values[key.toLowerCase()];
        if (actual === undefined) return ifExists || negated !== undefined;
        return wanted.some((one) => operator(actual, one)) === (negated === undefined);
      });
    }
  }
  return (values) => tests.every((test) => test(values));
}
