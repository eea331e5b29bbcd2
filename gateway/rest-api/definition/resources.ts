import { PATH_PART_REFUSED } from "../../../openapi/rest-api/constraints";
import { type PathProblem, ResourceTree } from "../../../openapi/rest-api/resource-tree";

/** What CreateResource refuses, with its texts (recorded in LocalStack's test_apigateway_api snapshots). */
export function checkResources(paths: readonly string[], refuse: (problem: string) => void): void {
  const tree = new ResourceTree<never>();
  for (const path of paths.filter((key) => !key.startsWith("x-"))) {
    for (const problem of tree.add(path).problems) {
      refuse(`Unable to create resource at path '${path}': ${textOf(problem)}`);
    }
  }
}

function textOf({ rule, other }: PathProblem): string {
  switch (rule) {
    case "greedy-child":
      return `Cannot create a child of a resource with a greedy path variable: ${other?.text}`;
    case "sibling-variable":
    case "sibling-greedy":
      return `A sibling (${other?.text}) of this resource already has a variable path part -- only one is allowed`;
    default:
      return PATH_PART_REFUSED;
  }
}
