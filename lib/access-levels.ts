/** Access levels by name, e.g. read, create, data-admin. */
export interface AccessLevels {
  readonly [level: string]: {
    /** Ids of the groups whose members hold the level */
    readonly groups?: readonly string[];
    /** Levels whose holders hold this one too */
    readonly includes?: readonly string[];
  };
}

/** A level and every level it includes, directly or not, itself first. Unknown names are left out; cycles are harmless. */
export function levelClosure(level: string, levels: AccessLevels): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name) || !Object.hasOwn(levels, name)) return;
    found.add(name);
    levels[name]?.includes?.forEach(visit);
  };
  visit(level);
  return [...found];
}

/** The groups whose members hold a level: its own and those of the levels it includes, each once. */
export function holders(level: string, levels: AccessLevels): string[] {
  return [...new Set(levelClosure(level, levels).flatMap((name) => levels[name]?.groups ?? []))];
}
