import { MODEL_NAME } from "../rest-api/constraints";

/**
 * Names that only have letters and digits, one for each name of the spec. Names that are so already keep themselves;
 * the others lose their other characters and get a number where that is taken.
 */
export function modelNames(names: readonly string[]): Map<string, string> {
  const taken = new Set(names.filter((name) => MODEL_NAME.test(name)));
  const given = new Map<string, string>();
  for (const name of names) {
    given.set(name, taken.has(name) && MODEL_NAME.test(name) ? name : freeModelName(name, taken));
  }
  return given;
}

export function freeModelName(wanted: string, taken: Set<string>): string {
  const base = camel(wanted) || "Model";
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}${number}`;
  taken.add(name);
  return name;
}

/** `foo_bar.Baz` → `fooBarBaz` */
function camel(text: string): string {
  const [first = "", ...rest] = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}
