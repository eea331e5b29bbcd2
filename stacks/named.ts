/** What has this name. @throws Error when nothing has: a fault of this program, which the settings have ruled out */
export function named<T>(things: ReadonlyMap<string, T>, name: string): T {
  const found = things.get(name);
  if (found === undefined) throw new Error(`${name} is not one of ${[...things.keys()].join(", ")}`);
  return found;
}
