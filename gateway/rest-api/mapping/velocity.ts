import { indexIn, javaMethod } from "./java-methods";
import {
  arithmetic,
  compareNumbers,
  equal,
  isNumber,
  JavaEntry,
  JavaIterator,
  JavaList,
  javaString,
  toNumber,
  truthy,
} from "./java-values";
import { parseTemplate } from "./velocity-parser";
import type { Expression, Node, Reference, Step } from "./velocity-syntax";
import { HostObject, OnceMap } from "./velocity-values";

export interface Template {
  /**
   * @param variables Java values by name; the template's own variables are kept apart from it
   * @throws whatever a called function throws, or an Error for what Velocity refuses at run time
   */
  render(variables: ReadonlyMap<string, unknown>): string;
}

class Stop extends Error {}
class Break extends Error {}

/** Nested macro calls and #evaluate. */
const MAX_DEPTH = 20;
const MAX_RANGE = 100_000;

/** @throws SyntaxError with line and column when the template is not VTL */
export function compileTemplate(source: string): Template {
  const tree = parseTemplate(source);
  return {
    render(variables) {
      const evaluator = new Evaluator(new Map(variables));
      try {
        return evaluator.block(tree);
      } catch (signal) {
        if (signal instanceof Stop) return evaluator.output;
        throw signal;
      }
    },
  };
}

class Evaluator {
  output = "";
  private readonly macros = new Map<string, Extract<Node, { type: "macro" }>>();
  private depth = 0;

  constructor(private readonly scope: Map<string, unknown>) {}

  /** Renders nodes apart from what has been written so far. */
  block(nodes: readonly Node[]): string {
    const before = this.output;
    this.output = "";
    this.nodes(nodes);
    const text = this.output;
    this.output = before;
    return text;
  }

  private nodes(nodes: readonly Node[]): void {
    for (const node of nodes) this.node(node);
  }

  private node(node: Node): void {
    switch (node.type) {
      case "text":
        this.output += node.text;
        return;
      case "reference":
        this.output += this.rendered(node);
        return;
      case "set":
        this.set(node.target, this.value(node.value));
        return;
      case "if": {
        const branch = node.branches.find(({ condition }) => !condition || truthy(this.value(condition)));
        this.nodes(branch?.body ?? []);
        return;
      }
      case "foreach":
        this.foreach(node);
        return;
      case "macro":
        this.macros.set(node.name, node);
        return;
      case "define":
        this.scope.set(node.name, new Definition(node.body));
        return;
      case "call":
        this.call(node);
        return;
      case "evaluate": {
        const text = javaString(this.value(node.value));
        this.nested(() => this.nodes(parseTemplate(text)));
        return;
      }
      case "break":
        throw new Break();
      case "stop":
        throw new Stop();
      default:
        node satisfies never;
    }
  }

  private rendered({ reference, source, isEscaped }: Extract<Node, { type: "reference" }>): string {
    const found = this.reference(reference);
    const value = found instanceof OnceMap ? found.entries : found;
    if (!isEscaped) return javaString(value);
    return value === undefined || value === null ? `\\${source}` : source;
  }

  private foreach({ name, list, body }: Extract<Node, { type: "foreach" }>): void {
    const items = iterable(this.value(list));
    const names = [name, "foreach", "velocityCount"];
    const saved = names.map((one) => this.scope.get(one));
    try {
      for (const [index, item] of items.entries()) {
        this.scope.set(name, item);
        this.scope.set("velocityCount", index + 1);
        this.scope.set(
          "foreach",
          new Map<string, unknown>([
            ["index", index],
            ["count", index + 1],
            ["hasNext", index < items.length - 1],
            ["first", index === 0],
            ["last", index === items.length - 1],
            ["parent", saved[1]],
          ]),
        );
        this.nodes(body);
      }
    } catch (signal) {
      if (!(signal instanceof Break)) throw signal;
    }
    for (const [index, one] of names.entries()) this.scope.set(one, saved[index]);
  }

  private call({ name, args, source }: Extract<Node, { type: "call" }>): void {
    const macro = this.macros.get(name);
    if (!macro) {
      this.output += source;
      return;
    }
    const values = args.map((arg) => this.value(arg));
    const saved = macro.parameters.map((parameter) => this.scope.get(parameter));
    for (const [index, parameter] of macro.parameters.entries()) this.scope.set(parameter, values[index]);
    this.nested(() => this.nodes(macro.body));
    for (const [index, parameter] of macro.parameters.entries()) this.scope.set(parameter, saved[index]);
  }

  private nested<T>(work: () => T): T {
    if (this.depth >= MAX_DEPTH) throw new Error("macros, #define or #evaluate are nested too deeply");
    this.depth += 1;
    const result = work();
    this.depth -= 1;
    return result;
  }

  private set({ name, path }: Reference, value: unknown): void {
    const last = path.at(-1);
    if (!last) {
      this.scope.set(name, value);
      return;
    }
    if (last.type === "method") throw new Error(`$${name}: a method call cannot be assigned to`);
    const owner = path
      .slice(0, -1)
      .reduce<unknown>((target, step) => this.step(target, step), this.scope.get(name));
    const key = last.type === "index" ? this.value(last.index) : last.name;
    if (owner instanceof OnceMap) owner.set(javaString(key), value);
    else if (owner instanceof Map) owner.set(javaString(key), value);
    else if (Array.isArray(owner) && typeof key === "number") owner[indexIn(owner, key)] = value;
  }

  private reference({ name, path }: Reference): unknown {
    const found = this.scope.get(name);
    const value = found instanceof Definition ? this.nested(() => this.block(found.body)) : found;
    return path.reduce<unknown>((target, step) => this.step(target, step), value);
  }

  private step(target: unknown, step: Step): unknown {
    if (step.type === "method") {
      const args = step.args.map((arg) => this.value(arg));
      if (target instanceof HostObject) return target.call(step.name, args);
      return javaMethod(target instanceof OnceMap ? target.entries : target, step.name, args);
    }
    return property(target, step.type === "index" ? this.value(step.index) : step.name);
  }

  private value(node: Expression): unknown {
    switch (node.type) {
      case "literal":
        return node.value;
      case "interpolated":
        return this.block(node.body);
      case "reference":
        return this.reference(node.reference);
      case "list":
        return JavaList.containing(node.items.map((item) => this.value(item)));
      case "range":
        return range(this.value(node.from), this.value(node.to));
      case "map":
        return new Map(node.entries.map(([key, item]) => [javaString(this.value(key)), this.value(item)]));
      case "unary":
        if (node.operator === "!") return !truthy(this.value(node.operand));
        return arithmetic("-", 0, this.value(node.operand));
      case "binary":
        return this.binary(node);
      default: {
        const exhausted: never = node;
        return exhausted;
      }
    }
  }

  private binary({ operator, left, right }: Extract<Expression, { type: "binary" }>): unknown {
    if (operator === "&&") return truthy(this.value(left)) && truthy(this.value(right));
    if (operator === "||") return truthy(this.value(left)) || truthy(this.value(right));
    const a = this.value(left);
    const b = this.value(right);
    switch (operator) {
      case "==":
        return equal(a, b);
      case "!=":
        return !equal(a, b);
      case "<":
      case "<=":
      case ">":
      case ">=": {
        if (!isNumber(a) || !isNumber(b)) return false;
        const order = compareNumbers(a, b);
        return operator.startsWith("<")
          ? order < 0 || (order === 0 && operator === "<=")
          : order > 0 || (order === 0 && operator === ">=");
      }
      case "+":
        if (typeof a === "string" || typeof b === "string") return javaString(a) + javaString(b);
        return arithmetic("+", a, b);
      default:
        return arithmetic(operator, a, b);
    }
  }
}

/** The body of a #define, rendered where it is referenced. */
class Definition {
  constructor(readonly body: Node[]) {}
}

function range(from: unknown, to: unknown): JavaList | undefined {
  if (!isNumber(from) || !isNumber(to)) return undefined;
  const [first, last] = [toNumber(from), toNumber(to)];
  const count = Math.abs(last - first) + 1;
  if (count > MAX_RANGE) throw new Error(`the range ${first}..${last} is too long`);
  return JavaList.containing(
    Array.from({ length: count }, (_, index) => first + (last >= first ? index : -index)),
  );
}

/** A map yields its values; what is not iterable, a string for example, yields no items. */
function iterable(value: unknown): unknown[] {
  if (Array.isArray(value)) return [...value];
  if (value instanceof Map) return [...value.values()];
  const items: unknown[] = [];
  if (value instanceof JavaIterator) while (value.hasNext()) items.push(value.next());
  return items;
}

function property(target: unknown, key: unknown): unknown {
  if (target instanceof HostObject || target instanceof OnceMap) return target.get(javaString(key));
  if (target instanceof Map) return target.get(javaString(key)) ?? undefined;
  if (target instanceof JavaEntry)
    return key === "key" ? target.key : key === "value" ? target.value : undefined;
  if (!Array.isArray(target)) return undefined;
  if (typeof key === "number") return target[indexIn(target, key < 0 ? target.length + key : key)];
  return key === "empty" ? target.length === 0 : undefined;
}
