/** An access level, as the environment of its authorizer function describes it. */
export interface AccessLevel {
  name: string;
  /** Groups whose members hold the level, including those of the levels that include it. */
  groups: string[];
}

/** The access levels of authorizer functions, from their environments. */
export function levelsOf(environments: Record<string, string>[]): AccessLevel[] {
  return environments.flatMap(({ ACCESS_LEVEL: name, ACCESS_GROUPS = "[]" }) =>
    name ? [{ name, groups: JSON.parse(ACCESS_GROUPS) as string[] }] : [],
  );
}

/** A user whom the stand-in of the identity provider knows. */
export interface TestUser {
  /** The token's name, e.g. read-token. */
  token: string;
  /** Groups the user is a member of. */
  groups: string[];
  /** Levels that those groups hold. */
  levels: string[];
  expired: boolean;
}

/**
 * One user per level, who holds that level and the levels that include it in theirs but no higher one; one whose token
 * has expired; and one who is in no group.
 */
export function testUsersOf(levels: AccessLevel[]): TestUser[] {
  const everyGroup = levels.flatMap(({ groups }) => groups);
  const users = levels.map((level) =>
    testUser(`${level.name}-token`, narrowestGroups(level, levels), levels),
  );
  return [
    ...users,
    ...shortNames(users),
    { ...testUser("expired-token", everyGroup, levels), expired: true },
    testUser("stranger-token", [], levels),
  ];
}

/** `read` of `read-token`. */
export const userName = ({ token }: TestUser) => token.replace(/-token$/, "");

function testUser(token: string, groups: string[], levels: AccessLevel[]): TestUser {
  const held = levels.filter((level) => level.groups.some((group) => groups.includes(group)));
  return { token, groups, levels: held.map(({ name }) => name), expired: false };
}

/** The level's groups that no narrower level has; the first group of a level that consists of others only. */
function narrowestGroups(level: AccessLevel, levels: AccessLevel[]): string[] {
  const narrower = levels.filter(
    (other) =>
      other.groups.length < level.groups.length &&
      other.groups.every((group) => level.groups.includes(group)),
  );
  const rest = level.groups.filter((group) => !narrower.some(({ groups }) => groups.includes(group)));
  return rest.length > 0 ? rest : level.groups.slice(0, 1);
}

/** `admin-token` for data-admin, unless another level's name ends in the same word. */
function shortNames(users: TestUser[]): TestUser[] {
  const short = (token: string) => token.split("-").slice(-2).join("-");
  return users
    .filter(({ token }) => short(token) !== token)
    .filter(({ token }) => users.filter((other) => short(other.token) === short(token)).length === 1)
    .map((user) => ({ ...user, token: short(user.token) }));
}
