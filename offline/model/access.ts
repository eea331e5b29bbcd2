import { type AccessLevels, holders } from "../../lib/access-levels";
import type { Model } from ".";

/** Access of one route: "public", or a level. */
interface Access {
  access: string;
  levels: AccessLevels;
}

/** Whether `wide` allows someone whom `narrow` refuses. A level that is not among its levels is compared by name. */
export function allowsMore(wide: Access, narrow: Access): boolean {
  if (narrow.access === "public") return false;
  if (wide.access === "public") return true;
  if (!wide.levels[wide.access] || !narrow.levels[narrow.access]) return wide.access !== narrow.access;
  const held = holders(narrow.access, narrow.levels);
  return holders(wide.access, wide.levels).some((group) => !held.includes(group));
}

/** The access levels that a stack's authorizers check, each with all groups that hold it. */
export function levelsOf({ resources }: Model): AccessLevels {
  return Object.fromEntries(
    resources.ofType("aws:lambda/function:Function").flatMap(({ inputs }) => {
      const { ACCESS_LEVEL, ACCESS_GROUPS = "[]" } = inputs.environment?.variables ?? {};
      return ACCESS_LEVEL ? [[ACCESS_LEVEL, { groups: JSON.parse(ACCESS_GROUPS) as string[] }]] : [];
    }),
  );
}
