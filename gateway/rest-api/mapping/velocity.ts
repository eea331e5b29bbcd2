import { parse } from "velocityjs";
import { isMap, JavaList, javaMethod, javaString } from "./java";
import { assign, HostObject, OnceMap, operate, property, shown, truthy } from "./velocity-values";

/**
 * Evaluates the syntax trees of velocityjs' parser. Its own evaluator prints unknown references and JavaScript values;
 * API Gateway prints nothing for the former and Java values (recorded: test_input_path_template_formatting), and knows
 * directives that it does not, such as #stop.
 */
export interface Template {
  /** @throws whatever a called function throws, or an Error for what Velocity refuses at run time */
  render(variables: Record<string, unknown>): string;
}

// The parser's types describe only part of its nodes; they are read as plain data here.
type Node = string | NodeObject | Node[];
interface NodeObject {
  type: string;
  [key: string]: unknown;
}

class Stop extends Error {}
class Break extends Error {}

/** @throws Error with line and reason when the template is no VTL */
export function compileTemplate(source: string): Template {
  // The parser takes #stop for text; as a macro call it keeps its place.
  const prepared = source.replace(/#(?:\{stop\}|stop\b)/g, "#stop_here()");
  const tree = parse(prepared) as unknown as Node[];
  return {
    render(variables) {
      const evaluator = new Evaluator(variables);
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
  private readonly macros = new Map<string, { args: NodeObject[]; body: Node[] }>();
  private depth = 0;

  constructor(private readonly scope: Record<string, unknown>) {}

  block(nodes: readonly Node[]): string {
    const before = this.output;
    this.output = "";
    for (const node of nodes) this.node(node);
    const text = this.output;
    this.output = before;
    return text;
  }

  private node(node: Node): void {
    if (typeof node === "string") {
      this.output += node;
      return;
    }
    if (Array.isArray(node)) {
      this.compound(node);
      return;
    }
    switch (node.type) {
      case "references":
        this.output += javaString(shown(this.reference(node)));
        return;
      case "set":
        this.set(node.equal as [NodeObject, NodeObject]);
        return;
      case "raw":
        this.output += String(node.value);
        return;
      case "break":
        throw new Break();
      case "macro_call":
        this.call(node);
        return;
      default:
    }
  }

  private compound(nodes: Node[]): void {
    const [head, ...body] = nodes as [NodeObject, ...Node[]];
    switch (head.type) {
      case "if":
        this.branch(head, body);
        return;
      case "foreach":
        this.loop(head, body);
        return;
      case "define":
        this.scope[head.id as string] = new Definition(body);
        return;
      case "macro":
        this.macros.set(head.id as string, { args: (head.args as NodeObject[]) || [], body });
        return;
      default:
        for (const node of body) this.node(node);
    }
  }

  private branch(head: NodeObject, body: Node[]): void {
    let taken = truthy(this.value(head.condition as NodeObject));
    for (const node of body) {
      if (isNode(node, "else")) {
        if (taken) return;
        taken = true;
      } else if (isNode(node, "elseif")) {
        if (taken) return;
        taken = truthy(this.value((node as NodeObject).condition as NodeObject));
      } else if (taken) this.node(node);
    }
  }

  private loop(head: NodeObject, body: Node[]): void {
    const from = this.value(head.from as NodeObject);
    const items = Array.isArray(from) ? [...from] : isMap(from) ? Object.values(from) : [];
    const name = head.to as string;
    const saved = { item: this.scope[name], foreach: this.scope.foreach, count: this.scope.velocityCount };
    for (let index = 0; index < items.length; index += 1) {
      this.scope[name] = items[index];
      this.scope.velocityCount = index + 1;
      this.scope.foreach = {
        index,
        count: index + 1,
        hasNext: index < items.length - 1,
        first: index === 0,
        last: index === items.length - 1,
        parent: saved.foreach,
      };
      try {
        for (const node of body) this.node(node);
      } catch (signal) {
        if (signal instanceof Break) break;
        throw signal;
      }
    }
    this.scope[name] = saved.item;
    this.scope.foreach = saved.foreach;
    this.scope.velocityCount = saved.count;
  }

  private call(node: NodeObject): void {
    const args = ((node.args as NodeObject[]) || []).filter((arg) => typeof arg === "object");
    if (node.id === "stop_here") throw new Stop();
    if (node.id === "evaluate") {
      this.output += this.nested(javaString(this.value(args[0] as NodeObject)));
      return;
    }
    const macro = this.macros.get(node.id as string);
    if (!macro) return;
    if (this.depth > 20) throw new Error(`the macro ${String(node.id)} calls itself too often`);
    const names = macro.args.map((arg) => arg.id as string);
    const saved = names.map((name) => this.scope[name]);
    const values = args.map((arg) => this.value(arg));
    names.forEach((name, index) => {
      this.scope[name] = values[index];
    });
    this.depth += 1;
    for (const child of macro.body) this.node(child);
    this.depth -= 1;
    names.forEach((name, index) => {
      this.scope[name] = saved[index];
    });
  }

  private set([target, source]: [NodeObject, NodeObject]): void {
    const value = this.value(source);
    const path = (target.path as NodeObject[] | undefined) ?? [];
    const last = path.at(-1);
    if (!last) {
      this.scope[target.id as string] = value;
      return;
    }
    const owner = path
      .slice(0, -1)
      .reduce<unknown>((at, step) => this.step(at, step), this.scope[target.id as string]);
    const key = last.type === "index" ? this.value(last.id as NodeObject) : last.id;
    assign(owner, key, value);
  }

  private reference(node: NodeObject): unknown {
    let value = this.scope[node.id as string];
    if (value instanceof Definition) value = this.block(value.body);
    for (const step of (node.path as NodeObject[] | undefined) ?? []) value = this.step(value, step);
    return value;
  }

  private step(target: unknown, step: NodeObject): unknown {
    if (step.type === "method") {
      const args = ((step.args as NodeObject[]) || []).map((arg) => this.value(arg));
      const name = step.id as string;
      if (target instanceof HostObject) return target.methods[name]?.(...args);
      const value = target instanceof OnceMap ? target.target : target;
      return value === undefined || value === null ? undefined : javaMethod(value, name)?.(args);
    }
    const key = step.type === "index" ? this.value(step.id as NodeObject) : step.id;
    return property(target, key);
  }

  private value(node: NodeObject | undefined): unknown {
    switch (node?.type) {
      case "references":
        return this.reference(node);
      case "string":
        return node.isEval ? this.interpolate(String(node.value)) : node.value;
      case "integer":
      case "decimal":
        return Number(node.value);
      case "bool":
        return node.value === "null" ? undefined : node.value === "true";
      case "array":
        return this.list(node);
      case "map":
        return Object.fromEntries(
          Object.entries((node.value as Record<string, NodeObject> | undefined) ?? {}).map(([key, item]) => [
            key,
            this.value(item),
          ]),
        );
      case "math":
        return this.math(node);
      default:
        return undefined;
    }
  }

  private list(node: NodeObject): JavaList {
    const values = (node.value as (NodeObject | string)[] | undefined) ?? [];
    if (!node.isRange) return JavaList.containing(values.map((item) => this.value(item as NodeObject)));
    const [from, to] = values.map((end) => Number(typeof end === "object" ? this.value(end) : end)) as [
      number,
      number,
    ];
    const count = Math.abs(to - from) + 1;
    return JavaList.containing(
      Array.from({ length: count }, (_, index) => from + (to >= from ? index : -index)),
    );
  }

  private interpolate(text: string): string {
    return /[$#]/.test(text) ? this.nested(text) : text;
  }

  private nested(text: string): string {
    return this.block(parse(text) as unknown as Node[]);
  }

  private math(node: NodeObject): unknown {
    const [left, right] = node.expression as [NodeObject, NodeObject | undefined];
    switch (node.operator) {
      case "parenthesis":
        return this.value(left);
      case "not":
        return !truthy(this.value(left));
      case "&&":
        return truthy(this.value(left)) && truthy(this.value(right));
      case "||":
        return truthy(this.value(left)) || truthy(this.value(right));
      case "minus":
        return -Number(this.value(left));
      default:
        return operate(String(node.operator), this.value(left), this.value(right));
    }
  }
}

/** The body of a #define, rendered where it is referred to. */
class Definition {
  constructor(readonly body: Node[]) {}
}

const isNode = (node: Node, type: string): boolean =>
  typeof node === "object" && !Array.isArray(node) && node.type === type;
