import { planWithRecording } from "../plan";
import { withContents } from "./assets";
import { checkOut, type PlanJson, planOfBase } from "./base";
import { type Comparison, compare, type Side } from "./compare";
import { readAccessSettings } from "./settings";

export { markdownOf } from "./markdown";
export { readGates, verdict } from "./verdict";

/**
 * What this working tree does to a stack, compared with another commit.
 *
 * @throws UserError for a commit that is not there; RecordingError for a stack that is not here
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
      // Ids and ARNs are not part of a plan.
      recording?.resources,
    );
  } finally {
    base.close();
  }
}

function sideOf(plan: PlanJson, folder: string, stack: string): Side {
  const resources = withContents(plan.resources, folder);
  return { plan: { ...plan, resources }, settings: readAccessSettings(folder, stack) };
}
