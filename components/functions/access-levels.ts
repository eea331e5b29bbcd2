/** Named access levels, e.g. read, create, data-admin. */
export interface AccessLevels {
  [level: string]: AccessLevel;
}

export interface AccessLevel {
  /** Ids of the groups whose members hold the level. */
  groups: string[];
  /** Levels whose holders hold this one too. Default: none. */
  includes?: string[];
  /** Hint for a caller who does not hold it. Default: see `defaultMessage`. */
  message?: string;
}

/** Each level's groups and those of the levels it includes, directly or not. */
export function normalizeLevels(levels: AccessLevels): Record<string, string[]> {
  const groupsOf = (level: string, path: string[]): string[] => {
    const found = levels[level];
    if (found === undefined) {
      throw new Error(
        `Access level ${path.at(-1)} includes ${level}, which is none of [${Object.keys(levels).join(", ")}]`,
      );
    }
    if (path.includes(level))
      throw new Error(`Access levels include each other: ${[...path, level].join(" > ")}`);
    return [...found.groups, ...(found.includes ?? []).flatMap((other) => groupsOf(other, [...path, level]))];
  };
  return Object.fromEntries(Object.keys(levels).map((level) => [level, [...new Set(groupsOf(level, []))]]));
}

/** The hints clients of the three original levels know; other levels are named. */
export function defaultMessage(level: string): string {
  switch (level) {
    case "read":
      return "User token is not associated with the required globus group";
    case "create":
      return "User token is not associated with any data provider groups";
    case "data-admin":
      return "User token is not associated with the correct globus group";
    default:
      return `User token is not associated with the access level ${level}`;
  }
}
