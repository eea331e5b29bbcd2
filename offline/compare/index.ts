import { planWithRecording } from "../plan";
import { withContents } from "./assets";
import { checkOut, planOfBase } from "./base";
import { type Comparison, compare } from "./compare";
import { type PlanJson, type Side, withRoutes } from "./plan-json";
import { readAccessSettings } from "./settings";

export { markdownOf, textOf } from "./report";
export { readGates, verdict } from "./verdict";

/**
 * Compares a stack of this working tree with another commit.
 * @throws UserError for an unknown commit or stack
 */
export async function compareWithCommit(root: string, stack: string, ref: string): Promise<Comparison> {
  const base = await checkOut(root, ref);
  try {
    const [before, { plan, recording }] = await Promise.all([
      planOfBase(base, stack),
      planWithRecording(stack, { root }),
    ]);
    return compare(
      {
        stack,
        base: base.sha.slice(0, 10),
        why: before.why,
        absent: before.absent,
        ...(before.plan ? { before: sideOf(before.plan, base.folder, stack) } : {}),
        after: sideOf(plan, root, stack),
      },
      // A plan has no ids and ARNs.
      recording?.resources,
    );
  } finally {
    base.close();
  }
}

function sideOf(plan: PlanJson, folder: string, stack: string): Side {
  const resources = withContents(plan.resources, folder);
  return { plan: withRoutes({ ...plan, resources }), settings: readAccessSettings(folder, stack) };
}
