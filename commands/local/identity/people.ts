/** What an authorizer function's environment says about one access level. */
export interface Level {
  name: string;
  /** Groups whose members pass, those of included levels among them. */
  groups: string[];
}

/** Somebody who calls with a token of the stub's. */
export interface Person {
  /** The token's name, e.g. read-token. */
  token: string;
  /** Groups the token's owner is in. */
  groups: string[];
  /** Levels those groups hold. */
  levels: string[];
  expired: boolean;
}

/**
 * One person per level, who holds that level and what it is included in but nothing higher, one whose token has
 * expired, and one who is in no group.
 */
export function peopleOf(levels: Level[]): Person[] {
  const people = levels.map((level) => person(`${level.name}-token`, ownGroups(level, levels), levels));
  return [
    ...people,
    ...shortNames(people),
    {
      ...person(
        "expired-token",
        levels.flatMap(({ groups }) => groups),
        levels,
      ),
      expired: true,
    },
    person("stranger-token", [], levels),
  ];
}

function person(token: string, groups: string[], levels: Level[]): Person {
  const held = levels.filter((level) => level.groups.some((group) => groups.includes(group)));
  return { token, groups, levels: held.map(({ name }) => name), expired: false };
}

/** The level's groups that no narrower level has; a level that only gathers others keeps its first group. */
function ownGroups(level: Level, levels: Level[]): string[] {
  const narrower = levels.filter(
    (other) =>
      other.groups.length < level.groups.length &&
      other.groups.every((group) => level.groups.includes(group)),
  );
  const own = level.groups.filter((group) => !narrower.some(({ groups }) => groups.includes(group)));
  return own.length > 0 ? own : level.groups.slice(0, 1);
}

/** `admin-token` for data-admin, where no other level's name ends the same way. */
function shortNames(people: Person[]): Person[] {
  const short = (token: string) => token.split("-").slice(-2).join("-");
  return people
    .filter(({ token }) => short(token) !== token)
    .filter(({ token }) => people.filter((other) => short(other.token) === short(token)).length === 1)
    .map((found) => ({ ...found, token: short(found.token) }));
}
