import {
  compareNumbers,
  isNumber,
  JavaDouble,
  javaString,
  parseNumber,
  toJson,
  toNumber,
} from "./java-values";
import {
  type Condition,
  isDefinite,
  type JsonPath,
  type Operand,
  parseJsonPath,
  type Token,
} from "./json-path-parser";

/**
 * JSONPath as Jayway JsonPath evaluates it, the Java library behind API Gateway: a definite path yields the value, any
 * other path a list. Undefined when nothing is found.
 * @throws SyntaxError for an invalid path
 */
export function evaluateJsonPath(json: unknown, path: string): unknown {
  return evaluate(parseJsonPath(path), json, json);
}

function evaluate(path: JsonPath, root: unknown, current: unknown): unknown {
  let values: unknown[] = [path.isRooted ? root : current];
  let isUpstreamDefinite = true;
  for (const token of path.tokens) {
    if (isUpstreamDefinite && !isApplicable(token, values[0])) return undefined;
    values = values.flatMap((value) => select(token, value, root));
    isUpstreamDefinite &&= isDefinite(token);
    if (isUpstreamDefinite && values.length === 0)
      // Jayway ignores an index out of bounds, unless the value itself is asked for.
      return token.type === "indexes" && !path.isDefinite ? [] : undefined;
  }
  return path.isDefinite ? values[0] : values;
}

/** After a definite path, a token that cannot be applied to the value makes the whole path missing, not an empty list. */
function isApplicable(token: Token, value: unknown): boolean {
  switch (token.type) {
    case "properties":
      return value instanceof Map;
    case "indexes":
    case "slice":
      return Array.isArray(value);
    case "filter":
      if (value instanceof Map || Array.isArray(value)) return true;
      throw new Error(`a JSONPath filter cannot be applied to ${toJson(value)}`);
    default:
      return true;
  }
}

function select(token: Token, value: unknown, root: unknown): unknown[] {
  switch (token.type) {
    case "properties":
      return properties(token.names, token.isMerged, value);
    case "wildcard":
      return children(value);
    case "indexes":
      return Array.isArray(value)
        ? token.indexes.flatMap((index) => at(value, index < 0 ? value.length + index : index))
        : [];
    case "slice":
      return Array.isArray(value) ? slice(value, token.from, token.to) : [];
    case "filter": {
      const candidates = Array.isArray(value) ? value : value instanceof Map ? [value] : [];
      return candidates.filter((item) => matches(token.condition, root, item));
    }
    case "scan": {
      const { next } = token;
      if (next.type !== "filter") return descendants(value).flatMap((item) => select(next, item, root));
      return descendants(value).filter((item) => item instanceof Map && matches(next.condition, root, item));
    }
    case "function":
      return apply(
        token.name,
        token.args.map((arg) => operandValue(arg, root, value)),
        value,
      );
    default: {
      const exhausted: never = token;
      return exhausted;
    }
  }
}

/** Several names at the end of a path merge into one object (Jayway: PropertyPathToken). */
function properties(names: readonly string[], isMerged: boolean, value: unknown): unknown[] {
  if (!(value instanceof Map)) return [];
  const present = names.filter((name) => value.has(name));
  if (isMerged) return [new Map(present.map((name) => [name, value.get(name)]))];
  return present.map((name) => value.get(name));
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return [...value];
  return value instanceof Map ? [...value.values()] : [];
}

const at = (list: readonly unknown[], index: number): unknown[] =>
  index >= 0 && index < list.length ? [list[index]] : [];

/** A negative start and an end of their own count from the end; together they are indexes in a row (Jayway: ArraySliceToken). */
function slice(list: readonly unknown[], from: number | undefined, to: number | undefined): unknown[] {
  if (to === undefined) return [...list].slice(from);
  if (from === undefined) return [...list].slice(0, to);
  const count = Math.max(0, Math.min(to, list.length) - from);
  return Array.from({ length: Math.min(count, 2 * list.length) }, (_, index) => from + index).flatMap(
    (index) => at(list, index < 0 ? list.length + index : index),
  );
}

/** The value and everything below it, parents first. */
function descendants(value: unknown): unknown[] {
  const found: unknown[] = [];
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (!Array.isArray(next) && !(next instanceof Map)) continue;
    found.push(next);
    pending.push(...children(next).reverse());
  }
  return found;
}

function apply(name: string, args: readonly unknown[], value: unknown): unknown[] {
  switch (name) {
    case "length":
    case "size":
      if (Array.isArray(value)) return [value.length];
      return [value instanceof Map ? value.size : null];
    case "keys":
      return value instanceof Map ? [[...value.keys()]] : [];
    case "concat":
      return [
        [...(Array.isArray(value) ? value : []), ...args.flat()]
          .filter((item) => typeof item === "string" || isNumber(item))
          .map(javaString)
          .join(""),
      ];
    case "append":
      return Array.isArray(value) ? [[...value, ...args]] : [];
    case "first":
      return Array.isArray(value) ? at(value, 0) : [];
    case "last":
      return Array.isArray(value) ? at(value, value.length - 1) : [];
    case "index": {
      const index = toNumber(args[0]);
      return Array.isArray(value) ? at(value, index < 0 ? value.length + index : index) : [];
    }
    default:
      return aggregate(
        name,
        [...(Array.isArray(value) ? value : []), ...args.flat()].filter(isNumber).map(toNumber),
      );
  }
}

/** @throws Error without numbers, as Jayway does */
function aggregate(name: string, numbers: readonly number[]): unknown[] {
  if (numbers.length === 0)
    throw new Error(`JSONPath ${name}() attempted to calculate a value using an empty array`);
  const sum = numbers.reduce((total, number) => total + number, 0);
  const mean = sum / numbers.length;
  const squares = numbers.reduce((total, number) => total + number * number, 0);
  const results: ReadonlyMap<string, number> = new Map([
    ["sum", sum],
    ["avg", mean],
    ["min", Math.min(...numbers)],
    ["max", Math.max(...numbers)],
    ["stddev", Math.sqrt(squares / numbers.length - mean * mean)],
  ]);
  return [new JavaDouble(results.get(name) as number)];
}

function matches(condition: Condition, root: unknown, item: unknown): boolean {
  switch (condition.type) {
    case "and":
      return condition.conditions.every((one) => matches(one, root, item));
    case "or":
      return condition.conditions.some((one) => matches(one, root, item));
    case "not":
      return !matches(condition.condition, root, item);
    case "exists": {
      const found = evaluate(condition.path, root, item);
      return condition.path.isDefinite ? found !== undefined : Array.isArray(found) && found.length > 0;
    }
    case "compare": {
      const { operator, left, right } = condition;
      const a = operandValue(left, root, item);
      if (right.type === "regex")
        return (
          operator === "=~" && [a].flat().some((one) => isScalar(one) && right.pattern.test(javaString(one)))
        );
      return compare(operator, a, operandValue(right, root, item));
    }
    default: {
      const exhausted: never = condition;
      return exhausted;
    }
  }
}

function operandValue(operand: Operand, root: unknown, item: unknown): unknown {
  if (operand.type === "path") return evaluate(operand.path, root, item);
  return operand.type === "literal" ? operand.value : undefined;
}

const isScalar = (value: unknown): boolean =>
  typeof value === "string" || typeof value === "boolean" || isNumber(value);

function compare(operator: string, a: unknown, b: unknown): boolean {
  const list = Array.isArray(b) ? b : [];
  const own = Array.isArray(a) ? a : [];
  const has = (values: readonly unknown[], value: unknown): boolean => values.some((one) => same(one, value));
  switch (operator) {
    case "==":
      return same(a, b);
    case "!=":
      return !same(a, b);
    case "===":
      return typeof a === typeof b && same(a, b);
    case "!==":
      return typeof a !== typeof b || !same(a, b);
    case "in":
      return has(list, a);
    case "nin":
      return !has(list, a);
    case "contains":
      return typeof a === "string" ? a.includes(javaString(b)) : has(own, b);
    case "subsetof":
      return Array.isArray(a) && own.every((one) => has(list, one));
    case "anyof":
      return own.some((one) => has(list, one));
    case "noneof":
      return Array.isArray(a) && !own.some((one) => has(list, one));
    case "size":
      return sizeOf(a) === toNumber(b);
    case "empty":
      return sizeOf(a) !== undefined && (sizeOf(a) === 0) === b;
    default:
      return ordered(operator, a, b);
  }
}

const sizeOf = (value: unknown): number | undefined =>
  typeof value === "string" || Array.isArray(value) ? value.length : undefined;

function ordered(operator: string, a: unknown, b: unknown): boolean {
  const isText = typeof a === "string" && typeof b === "string";
  if (!isText && !(isNumber(a) && isNumber(b))) return false;
  const order = isText ? (a < b ? -1 : a > b ? 1 : 0) : compareNumbers(a as number, b as number);
  if (operator.endsWith("=") && order === 0) return true;
  return operator.startsWith("<") ? order < 0 : operator.startsWith(">") && order > 0;
}

/** A number and a text are equal when the text is that number (Jayway: NumberNode.equals). */
function same(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return false;
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b) === 0;
  if (isNumber(a) && typeof b === "string") return /^-?\d+(\.\d+)?$/.test(b) && same(a, parseNumber(b));
  if (typeof a === "string" && isNumber(b)) return a === javaString(b);
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null)
    return toJson(a) === toJson(b);
  return a === b;
}
