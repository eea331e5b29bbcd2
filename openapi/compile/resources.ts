import { type Operation, operationName } from "../operations";
import { parsePath, pathOf } from "../path-template";
import type { Context } from "./context";

/** An operation with the resource that API Gateway will have for it. */
export interface PlacedOperation {
  operation: Operation;
  /** The path in the definition: one variable name per position, no trailing slash */
  path: string;
  /** The path that the backend knows, with the spec's own variable names */
  backendPath: string;
  /** The spec's variable names, in the path's order, and what each is called in the definition */
  variables: { own: string; name: string }[];
}

interface Part {
  kind: "literal" | "variable" | "greedy";
  text: string;
  name: string;
}

/** A node of the resource tree. */
export class Resource {
  readonly literals = new Map<string, Resource>();
  variable: Resource | undefined;
  greedy: Resource | undefined;
  /** The names that the spec gives to this variable, in its order */
  readonly names: string[] = [];
  /** Names of query and header parameters of the operations at and below this node */
  readonly taken = new Set<string>();
  /** The definition's path of this resource */
  path = "/";
  name = "";
}

export interface Resources {
  placed: PlacedOperation[];
  root: Resource;
}

/** Lays the operations out as API Gateway's resources; operations whose path can't be one are reported and left out. */
export function placeOperations(operations: readonly Operation[], context: Context): Resources {
  const root = new Resource();
  const rows: { operation: Operation; parts: Part[]; trailingSlash: boolean }[] = [];
  const seen = new Map<string, Operation>();
  const refused = new Set<string>();
  for (const operation of operations) {
    if (refused.has(operation.template)) continue;
    const parts = partsOf(operation, context);
    if (!parts || !grow(root, operation, parts, context)) {
      refused.add(operation.template);
      continue;
    }
    const id = `${operation.method} ${pathOf(parts.map((part) => (part.kind === "literal" ? part.text : "{}")))}`;
    const first = seen.get(id);
    if (first) {
      const message = `${operationName(operation)} and ${operationName(first)} are one method of one resource; AWS can't tell them apart. Keep one.`;
      context.finding("error", "duplicate-path", operation.path, message);
      continue;
    }
    seen.set(id, operation);
    rows.push({ operation, parts, trailingSlash: parsePath(operation.template).trailingSlash });
  }
  nameVariables(root, []);
  return { placed: rows.map((row) => place(root, row, context)), root };
}

function partsOf(operation: Operation, context: Context): Part[] | undefined {
  if (!operation.template.startsWith("/")) {
    const message = `The path is "${operation.template}". A path begins with a slash. Put a / before it.`;
    context.finding("error", "path-start", operation.path.slice(0, -1), message);
    return undefined;
  }
  const { segments } = parsePath(operation.template);
  const parts: Part[] = [];
  for (const [index, { text, kind, name }] of segments.entries()) {
    if (kind === "literal") parts.push({ kind, text, name: "" });
    else if (kind === "variable" || (kind === "greedy" && index === segments.length - 1)) {
      parts.push({ kind, text, name: name ?? "" });
    } else {
      const renamed = /^\{([^{}]*[A-Za-z0-9][^{}]*)\}$/.exec(text)?.[1]?.replaceAll(/[^A-Za-z0-9._-]+/g, "");
      if (renamed === undefined || kind === "greedy") {
        const message = `The segment "${text}" can't be an API Gateway resource: only letters, digits and . _ - , : are allowed, and a variable has to be a whole segment. Change the path.`;
        context.finding("error", "path-segment", operation.path.slice(0, -1), message);
        return undefined;
      }
      const why = "A variable's name has only letters, digits and . _ -";
      context.change(
        "path-variable-name",
        operation.path.slice(0, -1),
        `${text} is called {${renamed}}`,
        why,
      );
      parts.push({ kind: "variable", text: `{${renamed}}`, name: renamed });
    }
  }
  return parts;
}

function grow(root: Resource, operation: Operation, parts: readonly Part[], context: Context): boolean {
  const taken = operation.parameters.filter(({ in: place }) => place === "query" || place === "header");
  const nodes: Resource[] = [];
  let node = root;
  for (const part of parts) {
    if ((part.kind === "greedy" && node.variable) || (part.kind === "variable" && node.greedy)) {
      const message = `${part.text} stands beside another variable of the same parent; AWS allows one ("A sibling of this resource already has a variable path part"). Change one of the paths.`;
      context.finding("error", "sibling-variable", operation.path.slice(0, -1), message);
      return false;
    }
    node = child(node, part);
    nodes.push(node);
  }
  for (const visited of nodes) for (const { name } of taken) visited.taken.add(name);
  return true;
}

function child(node: Resource, part: Part): Resource {
  if (part.kind === "literal") {
    let literal = node.literals.get(part.text);
    if (!literal) {
      literal = new Resource();
      node.literals.set(part.text, literal);
    }
    return literal;
  }
  node[part.kind] ??= new Resource();
  const variable = node[part.kind] as Resource;
  if (!variable.names.includes(part.name)) variable.names.push(part.name);
  return variable;
}

/** One name per position: the first that neither an outer variable nor a query or header parameter has. */
function nameVariables(node: Resource, outer: readonly string[]): void {
  const visit = (next: Resource, text: string, names: readonly string[]): void => {
    next.path = node.path === "/" ? `/${text}` : `${node.path}/${text}`;
    nameVariables(next, names);
  };
  for (const [text, literal] of node.literals) visit(literal, text, outer);
  for (const variable of [node.variable, node.greedy]) {
    if (!variable) continue;
    variable.name = freeName(variable, outer);
    visit(variable, `{${variable.name}${variable === node.greedy ? "+" : ""}}`, [...outer, variable.name]);
  }
}

function freeName(variable: Resource, outer: readonly string[]): string {
  const free = (name: string) => !outer.includes(name) && !variable.taken.has(name);
  const found = variable.names.find(free);
  if (found !== undefined) return found;
  const base = variable.names[0] ?? "variable";
  for (let number = 2; ; number++) if (free(`${base}${number}`)) return `${base}${number}`;
}

function place(
  root: Resource,
  row: { operation: Operation; parts: Part[]; trailingSlash: boolean },
  context: Context,
): PlacedOperation {
  const variables: { own: string; name: string }[] = [];
  let node = root;
  for (const part of row.parts) {
    node = child(node, part);
    if (part.kind === "literal") continue;
    variables.push({ own: part.name, name: node.name });
    if (part.name === node.name) continue;
    const why =
      "AWS allows one variable name per position, and none that a query or header parameter of the method has";
    context.change("variable-name", row.operation.path, `{${part.name}} is called {${node.name}}`, why);
  }
  if (row.trailingSlash) {
    const why =
      "API Gateway's resources have no trailing slash; requests with one reach the resource all the same";
    context.change("trailing-slash", row.operation.path.slice(0, -1), `The path is ${node.path}`, why);
  }
  const backendPath = pathOf(row.parts.map(({ text }) => text)) + (row.trailingSlash ? "/" : "");
  return { operation: row.operation, path: node.path, backendPath, variables };
}
