const PATH_PART = /^(\{[a-zA-Z0-9._-]+\+?\}|[a-zA-Z0-9._:,-]+)$/;

interface Node {
  children: Map<string, Node>;
}

/** What CreateResource refuses, with its texts (recorded in localstack's test_apigateway_api snapshots). */
export function checkResources(paths: readonly string[], problems: string[]): void {
  const root: Node = { children: new Map() };
  const reported = new Set<string>();
  for (const path of paths) {
    const problem = addPath(root, path);
    if (problem && !reported.has(problem)) {
      reported.add(problem);
      problems.push(problem);
    }
  }
}

function addPath(root: Node, path: string): string | undefined {
  let node = root;
  let parent: string | undefined;
  for (const part of path.split("/").filter((segment) => segment !== "")) {
    const refused = (reason: string): string => `Unable to create resource at path '${path}': ${reason}`;
    if (!PATH_PART.test(part)) {
      return refused(
        "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
      );
    }
    if (parent?.endsWith("+}")) {
      return refused(`Cannot create a child of a resource with a greedy path variable: ${parent}`);
    }
    const variable = part.startsWith("{")
      ? [...node.children.keys()].find((key) => key.startsWith("{"))
      : undefined;
    if (variable !== undefined && variable !== part) {
      return refused(
        `A sibling (${variable}) of this resource already has a variable path part -- only one is allowed`,
      );
    }
    const next: Node = node.children.get(part) ?? { children: new Map() };
    node.children.set(part, next);
    node = next;
    parent = part;
  }
  return undefined;
}
