/**
 * Finds the method for a request: static segments before variables before greedy variables, an explicit method before
 * ANY, and on to the next candidate when a resource lacks the method (recorded: TestApigatewayRouting, OPTIONS /test falls
 * to /{proxy+} while /test itself only has POST).
 * A library's router cannot say "this path, but not this method, go on looking", hence an own tree.
 */
export interface RouteMatch<T> {
  target: T;
  pathParameters: Record<string, string>;
}

/** The methods ANY stands for; anything else is 403 (developer guide: "x-amazon-apigateway-any-method"). */
export const ANY_METHODS: ReadonlySet<string> = new Set([
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
]);

interface Node<T> {
  statics: Map<string, Node<T>>;
  variable?: { name: string; node: Node<T> };
  greedy?: { name: string; node: Node<T> };
  methods: Map<string, T>;
}

const newNode = <T>(): Node<T> => ({ statics: new Map(), methods: new Map() });

export class Router<T> {
  private readonly root = newNode<T>();

  /** `path` as in the definition: `/a/{b}/{c+}`. `method` is a name or ANY. */
  add(path: string, method: string, target: T): void {
    let node = this.root;
    for (const segment of path.split("/").filter((part) => part !== "")) {
      node = child(node, segment);
    }
    node.methods.set(method, target);
  }

  /**
   * `path` is the raw request path below the stage. Slashes in front are merged and one behind is ignored; those in the
   * middle count, and path parameters keep their encoding (recorded: test_lambda_aws_proxy_integration).
   */
  find(method: string, path: string): RouteMatch<T> | undefined {
    const segments = segmentsOf(path);
    const values: string[] = [];
    return find(this.root, method, segments, 0, values);
  }
}

/** The segments between the slashes: none for the root. */
export function segmentsOf(path: string): string[] {
  let start = 0;
  while (path.charCodeAt(start) === 47) start += 1;
  let end = path.length;
  while (end > start && path.charCodeAt(end - 1) === 47) end -= 1;
  return start === end ? [] : path.slice(start, end).split("/");
}

function child<T>(node: Node<T>, segment: string): Node<T> {
  const variable = /^\{([^}]*?)(\+?)\}$/.exec(segment);
  if (!variable) {
    const known = node.statics.get(segment);
    if (known) return known;
    const added = newNode<T>();
    node.statics.set(segment, added);
    return added;
  }
  const name = variable[1] as string;
  if (variable[2] === "+") {
    node.greedy ??= { name, node: newNode<T>() };
    return node.greedy.node;
  }
  node.variable ??= { name, node: newNode<T>() };
  return node.variable.node;
}

/** `values` holds name and value of the variables taken so far, flat; it is unwound on the way back. */
function find<T>(
  node: Node<T>,
  method: string,
  segments: string[],
  at: number,
  values: string[],
): RouteMatch<T> | undefined {
  if (at === segments.length) return here(node, method, values);
  const segment = segments[at] as string;
  const next = node.statics.get(segment);
  const found = next && find(next, method, segments, at + 1, values);
  if (found) return found;
  if (node.variable && segment !== "") {
    values.push(node.variable.name, segment);
    const below = find(node.variable.node, method, segments, at + 1, values);
    if (below) return below;
    values.length -= 2;
  }
  if (node.greedy) {
    values.push(node.greedy.name, segments.slice(at).join("/"));
    const below = here(node.greedy.node, method, values);
    if (below) return below;
    values.length -= 2;
  }
  return undefined;
}

function here<T>(node: Node<T>, method: string, values: string[]): RouteMatch<T> | undefined {
  const target = node.methods.get(method) ?? (ANY_METHODS.has(method) ? node.methods.get("ANY") : undefined);
  if (target === undefined) return undefined;
  const pathParameters: Record<string, string> = {};
  for (let i = 0; i < values.length; i += 2) pathParameters[values[i] as string] = values[i + 1] as string;
  return { target, pathParameters };
}
