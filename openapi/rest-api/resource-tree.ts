import { VARIABLE_SEGMENT } from "./constraints";
import { parsePath, type Segment } from "./path-template";

/** A resource of API Gateway: one segment of a path, below its parent. */
export class Resource<T> {
  readonly literals = new Map<string, Resource<T>>();
  variable: Resource<T> | undefined;
  greedy: Resource<T> | undefined;
  value: T | undefined;

  constructor(
    readonly segment: Segment | undefined,
    /** The first path that has this resource */
    readonly template: string,
  ) {}

  child(segment: Segment, template: string): Resource<T> {
    if (segment.kind === "variable" || segment.kind === "greedy") {
      this[segment.kind] ??= new Resource(segment, template);
      return this[segment.kind] as Resource<T>;
    }
    let literal = this.literals.get(segment.text);
    if (!literal) {
      literal = new Resource(segment, template);
      this.literals.set(segment.text, literal);
    }
    return literal;
  }

  /** Literals, then the variable, then the greedy variable: the order in which API Gateway looks for a match. */
  *children(): Generator<Resource<T>> {
    yield* this.literals.values();
    if (this.variable) yield this.variable;
    if (this.greedy) yield this.greedy;
  }
}

/** Why a path cannot be a resource as it is written. */
export interface PathProblem {
  rule:
    | "path-start"
    | "path-segment"
    | "partial-variable"
    | "path-variable-name"
    | "greedy-child"
    | "sibling-variable"
    | "sibling-greedy";
  /** The segment that is refused */
  segment: Segment;
  /** The resource that is there already; for a child of a greedy variable, its parent */
  other?: { text: string; template: string };
}

/** The resources that the paths of an API make, as CreateResource would. */
export class ResourceTree<T> {
  readonly root = new Resource<T>(undefined, "/");

  /**
   * Adds a path with the resources above it. A path with an unusual variable name or another name than a sibling's is
   * added all the same (compile renames the variable); with any other problem it is not.
   */
  add(template: string): {
    resource: Resource<T> | undefined;
    chain: Resource<T>[];
    problems: PathProblem[];
  } {
    const segments = parsePath(template).segments.map(named);
    const problems = [...segmentProblems(template, segments)];
    const chain: Resource<T>[] = [];
    if (problems.some(({ rule }) => rule !== "path-variable-name"))
      return { resource: undefined, chain, problems };
    let node = this.root;
    for (const segment of segments) {
      const sibling = siblingProblem(node, segment);
      if (sibling) problems.push(sibling);
      if (sibling?.rule === "sibling-greedy") return { resource: undefined, chain, problems };
      node = node.child(segment, template);
      chain.push(node);
    }
    return { resource: node, chain, problems };
  }

  /** Resources as AWS counts them: the root, and every segment of a path once, also where it has no method. */
  count(node: Resource<T> = this.root): number {
    let count = 1;
    for (const child of node.children()) count += this.count(child);
    return count;
  }

  /**
   * The first resource for the segments of a request path that `accept` returns something for: literals before
   * variables before greedy variables, and on to the next candidate where a resource has no method for the request.
   */
  find<R>(segments: readonly string[], accept: Accept<T, R>): R | undefined {
    return find(this.root, segments, 0, [], accept);
  }
}

/** @param values names and values of the path parameters, flat; only valid during the call */
type Accept<T, R> = (resource: Resource<T>, values: readonly string[]) => R | undefined;

export function countResources(templates: Iterable<string>): number {
  const tree = new ResourceTree<never>();
  for (const template of templates) tree.add(template);
  return tree.count();
}

/** A segment whose variable has a name that API Gateway refuses, with the name that it would accept. */
function named(segment: Segment): Segment {
  const { text, kind, name } = segment;
  if (kind !== "invalid" || name === undefined) return segment;
  const greedy = text.endsWith("+}") && !text.includes(":");
  return { text, kind: greedy ? "greedy" : "variable", name };
}

function* segmentProblems(template: string, segments: readonly Segment[]): Generator<PathProblem> {
  if (!template.startsWith("/")) yield { rule: "path-start", segment: { text: template, kind: "invalid" } };
  for (const [index, segment] of segments.entries()) {
    const { text, kind } = segment;
    const next = segments[index + 1];
    if (kind === "greedy" && next) yield { rule: "greedy-child", segment: next, other: { text, template } };
    if (kind === "invalid") yield { rule: /[{}]/.test(text) ? "partial-variable" : "path-segment", segment };
    if ((kind === "variable" || kind === "greedy") && !VARIABLE_SEGMENT.test(text))
      yield { rule: "path-variable-name", segment };
  }
}

function siblingProblem<T>(node: Resource<T>, segment: Segment): PathProblem | undefined {
  if (segment.kind === "literal") return undefined;
  const there = node.variable ?? node.greedy;
  if (!there?.segment) return undefined;
  const other = { text: there.segment.text, template: there.template };
  if (there.segment.kind !== segment.kind) return { rule: "sibling-greedy", segment, other };
  return there.segment.name === segment.name ? undefined : { rule: "sibling-variable", segment, other };
}

function find<T, R>(
  node: Resource<T>,
  segments: readonly string[],
  index: number,
  values: string[],
  accept: Accept<T, R>,
): R | undefined {
  const segment = segments[index];
  if (segment === undefined) return accept(node, values);
  const literal = node.literals.get(segment);
  const found = literal && find(literal, segments, index + 1, values, accept);
  if (found !== undefined) return found;
  const { variable, greedy } = node;
  if (variable && segment !== "") {
    values.push(variable.segment?.name ?? "", segment);
    const below = find(variable, segments, index + 1, values, accept);
    if (below !== undefined) return below;
    values.length -= 2;
  }
  if (!greedy) return undefined;
  values.push(greedy.segment?.name ?? "", segments.slice(index).join("/"));
  const below = accept(greedy, values);
  values.length -= 2;
  return below;
}
