/** Access levels by name, e.g. read, create, data-admin. */
export interface AccessLevels {
  [level: string]: AccessLevel;
}

export interface AccessLevel {
  /** IDs of the groups whose members have the level. */
  groups: string[];
  /** Levels whose members have this level too. Default: none. */
  includes?: string[];
  /** Hint in the 403 response. Default: see `defaultMessage`. */
  message?: string;
}

/** Clients know the hints of the three original levels; for others the hint names the level. */
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
