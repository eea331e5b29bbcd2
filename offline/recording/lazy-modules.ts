import Module from "node:module";

type Load = (request: string, parent: NodeJS.Module | undefined, isMain: boolean) => unknown;

/**
 * Pulumi loads a compiler and npm's installer at start to turn closures into Lambda functions, which takes a quarter of
 * a recording's time. Here they load at first use, which never happens in a program that only deploys bundles.
 */
const rarelyUsed = ["typescript", "@npmcli/arborist"];

/** Defers loading these modules to their first use. Node.js 20 has no public hook for `require`. */
export function loadLazily(names: string[] = rarelyUsed): void {
  const loader = Module as unknown as { _load: Load };
  const load = loader._load;
  loader._load = (request, parent, isMain) =>
    names.includes(request)
      ? lazy(() => load(request, parent, isMain) as object)
      : load(request, parent, isMain);
}

function lazy(load: () => object): object {
  let loaded: object | undefined;
  const module = () => {
    loaded ??= load();
    return loaded;
  };
  // The target is a function so that a module that is a class can be called.
  return new Proxy(function unloaded() {}, {
    get: (_, key) => (key === "__esModule" ? true : Reflect.get(module(), key)),
    has: (_, key) => Reflect.has(module(), key),
    construct: (_, args) => Reflect.construct(module() as new () => object, args),
    apply: (_, self, args) => Reflect.apply(module() as () => unknown, self, args),
  });
}
