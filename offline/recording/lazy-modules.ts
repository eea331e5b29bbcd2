import Module from "node:module";

type Load = (request: string, parent: NodeJS.Module | undefined, isMain: boolean) => unknown;

/**
 * What Pulumi loads at start to turn closures into Lambda functions: a compiler and npm's installer, a quarter of the
 * time that a recording takes. Loaded here when something of them is used, which a program with bundles of its own never does.
 */
const rarelyUsed = ["typescript", "@npmcli/arborist"];

/** Makes this process load these modules at their first use. There is no public hook for `require` in Node.js 20. */
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
  // A function, so that a module which is a class can be called too.
  return new Proxy(function unloaded() {}, {
    get: (_, key) => (key === "__esModule" ? true : Reflect.get(module(), key)),
    has: (_, key) => Reflect.has(module(), key),
    construct: (_, args) => Reflect.construct(module() as new () => object, args),
    apply: (_, self, args) => Reflect.apply(module() as () => unknown, self, args),
  });
}
