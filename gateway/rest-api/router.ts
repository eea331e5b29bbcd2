import { METHODS } from "../../openapi/rest-api/constraints";
import { ResourceTree } from "../../openapi/rest-api/resource-tree";

/**
 * Finds the method for a request: static segments before variables before greedy variables, an explicit method before
 * ANY, and on to the next candidate when a resource lacks the method (recorded: TestApigatewayRouting, OPTIONS /test falls
 * to /{proxy+} while /test itself only has POST).
 * A library's router cannot continue with the next candidate, hence the tree of resources.
 */
export interface RouteMatch<T> {
  target: T;
  pathParameters: Record<string, string>;
}

/** The methods that ANY means; anything else is 403 (developer guide: "x-amazon-apigateway-any-method"). */
const ANY_METHODS: ReadonlySet<string> = new Set(METHODS);

export class Router<T> {
  private readonly tree = new ResourceTree<Map<string, T>>();

  /** `path` as in the definition: `/a/{b}/{c+}`. `method` is a name or ANY. */
  add(path: string, method: string, target: T): void {
    const { resource } = this.tree.add(path);
    if (!resource) throw new Error(`Not a resource path: ${path}`);
    resource.value ??= new Map();
    resource.value.set(method, target);
  }

  /**
   * `path` is the raw request path below the stage. Slashes in front are merged and one behind is ignored; those in the
   * middle count, and path parameters keep their encoding (recorded: test_lambda_aws_proxy_integration).
   */
  find(method: string, path: string): RouteMatch<T> | undefined {
    return this.tree.find(segmentsOf(path), ({ value: methods }, values) => {
      const target = methods?.get(method) ?? (ANY_METHODS.has(method) ? methods?.get("ANY") : undefined);
      if (target === undefined) return undefined;
      const names = values.filter((_, index) => index % 2 === 0);
      const pathParameters = Object.fromEntries(
        names.map((name, index) => [name, values[2 * index + 1] as string]),
      );
      return { target, pathParameters };
    });
  }
}

/** The segments between the slashes: none for the root. */
function segmentsOf(path: string): string[] {
  let start = 0;
  while (path.charCodeAt(start) === 47) start += 1;
  let end = path.length;
  while (end > start && path.charCodeAt(end - 1) === 47) end -= 1;
  return start === end ? [] : path.slice(start, end).split("/");
}
