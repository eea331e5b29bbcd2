import type { SpecDocument } from "../document";
import { type Operation, operationName } from "../operations";
import type { Recorder } from "../recorder";
import { parsePath, pathOf } from "../rest-api/path-template";
import { type PathProblem, type Resource, ResourceTree } from "../rest-api/resource-tree";

/** An operation with the resource that API Gateway has for it. */
export interface PlacedOperation {
  operation: Operation;
  /** The path in the definition: one variable name per position, no trailing slash */
  path: string;
  /** The path that the backend knows, with the spec's variable names */
  backendPath: string;
  /** The spec's variable names, in the path's order, and what each is called in the definition */
  variables: { specName: string; name: string }[];
}

/** What compile keeps with a resource. */
export interface Names {
  /** The definition's name of a variable, and its path */
  name: string;
  path: string;
  /** Names of query and header parameters of the operations at and below this resource */
  taken: Set<string>;
  /** The names that the spec gives to this variable, in its order */
  specNames: string[];
}

export interface Resources {
  placed: PlacedOperation[];
  tree: ResourceTree<Names>;
}

interface LaidOutPath {
  chain: Resource<Names>[];
  /** Segments as the backend knows them */
  texts: string[];
  specNames: (string | undefined)[];
  trailingSlash: boolean;
}

/**
 * Lays the operations out as API Gateway's resources. Operations whose path cannot be a resource are reported and left
 * out. `templates` are the paths to look at: those of the operations, and for check the others too.
 */
export function placeOperations(
  templates: Iterable<string>,
  operations: readonly Operation[],
  record: Recorder,
): Resources {
  const tree = new ResourceTree<Names>();
  const paths = new Map<string, LaidOutPath>();
  for (const template of templates) {
    const path = layOut(tree, template, record);
    if (path) paths.set(template, path);
  }
  for (const { template, parameters } of operations) {
    for (const { value } of paths.get(template)?.chain ?? []) {
      for (const { in: location, name } of parameters) {
        if (location === "query" || location === "header") value?.taken.add(name);
      }
    }
  }
  nameVariables(tree.root, "", []);
  const first = new Map<string, Operation>();
  const placed = operations.flatMap((operation) => {
    const path = paths.get(operation.template);
    if (!path) return [];
    const one = place(operation, path);
    const id = `${operation.method} ${one.path}`;
    const other = first.get(id);
    if (!other) first.set(id, operation);
    else record.add("duplicate-path", operation.path, operationName(other), operationName(operation));
    return other ? [] : [one];
  });
  return { placed, tree };
}

/** The paths below which a document has something, in its order. */
export function templatesOf(document: SpecDocument): string[] {
  return Object.keys(document.root.paths ?? {}).filter((key) => !key.startsWith("x-"));
}

function layOut(tree: ResourceTree<Names>, template: string, record: Recorder): LaidOutPath | undefined {
  const path = ["paths", template];
  const { segments, trailingSlash } = parsePath(template);
  const { resource, chain, problems } = tree.add(template);
  for (const problem of problems) report(problem, template, record);
  if (trailingSlash) record.add("trailing-slash", path, template);
  if (segments.length === 1 && /^s?ping$/.test(segments[0]?.text ?? ""))
    record.add("reserved-path", path, template);
  if (!resource) return undefined;
  const texts = chain.map((node, index) => {
    const { segment } = node;
    const { text = "", name = "", kind } = segments[index] ?? {};
    node.value ??= { name: "", path: "", taken: new Set(), specNames: [] };
    if (segment?.kind === "literal") return text;
    if (!node.value.specNames.includes(name)) node.value.specNames.push(name);
    return kind === "invalid" ? `{${name}${segment?.kind === "greedy" ? "+" : ""}}` : text;
  });
  const specNames = chain.map(({ segment }, index) =>
    segment?.kind === "literal" ? undefined : segments[index]?.name,
  );
  return { chain, texts, specNames, trailingSlash };
}

function report({ rule, segment, other }: PathProblem, template: string, record: Recorder): void {
  const path = ["paths", template];
  switch (rule) {
    case "path-start":
      record.add(rule, path, template);
      break;
    case "path-variable-name":
      record.add(rule, path, template, segment.text, segment.name ?? "");
      break;
    case "greedy-child":
      record.add(rule, path, template, other?.text ?? "");
      break;
    case "sibling-variable":
    case "sibling-greedy":
      record.add(rule, path, template, segment.text, other?.text ?? "", other?.template ?? "");
      break;
    default:
      record.add(rule, path, template, segment.text);
      break;
  }
}

/** One name per position: the first that neither an outer variable nor a query or header parameter has. */
function nameVariables(node: Resource<Names>, path: string, outer: readonly string[]): void {
  for (const child of node.children()) {
    const { segment, value } = child;
    if (!segment || !value) continue;
    if (segment.kind === "literal") value.path = `${path}/${segment.text}`;
    else {
      value.name = freeName(value, outer);
      value.path = `${path}/{${value.name}${segment.kind === "greedy" ? "+" : ""}}`;
    }
    nameVariables(child, value.path, segment.kind === "literal" ? outer : [...outer, value.name]);
  }
}

function freeName({ specNames, taken }: Names, outer: readonly string[]): string {
  const free = (name: string) => !outer.includes(name) && !taken.has(name);
  const found = specNames.find(free);
  if (found !== undefined) return found;
  const [base = "variable"] = specNames;
  for (let number = 2; ; number++) if (free(`${base}${number}`)) return `${base}${number}`;
}

function place(
  operation: Operation,
  { chain, texts, specNames, trailingSlash }: LaidOutPath,
): PlacedOperation {
  const variables = chain.flatMap(({ value }, index) => {
    const specName = specNames[index];
    return specName === undefined || !value ? [] : [{ specName, name: value.name }];
  });
  const backendPath = pathOf(texts) + (trailingSlash ? "/" : "");
  return { operation, path: chain.at(-1)?.value?.path ?? "/", backendPath, variables };
}
