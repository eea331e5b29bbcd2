import { planOf } from "../../local/plan";
import { record } from "../../local/recording";
import { checkOut, type PlanJson, planOfBase } from "./base";
import { type Comparison, compare } from "./compare";
import { readAccessSettings } from "./settings";

export { markdownOf } from "./markdown";
export { readGates, verdict } from "./verdict";

/**
 * What this working tree does to a stack, compared with another commit.
 *
 * @throws OpsError for a commit that is not there; RecordingError for a stack that is not here
 */
export async function compareWithCommit(root: string, stack: string, ref: string): Promise<Comparison> {
  const base = await checkOut(root, ref);
  try {
    const [before, plan] = await Promise.all([planOfBase(base, stack), planOf(stack, { root })]);
    // Ids and ARNs are not part of a plan; a program that is refused has none.
    const { resources } = plan.resources.length > 0 ? await record(stack, { root }) : { resources: [] };
    return compare(
      {
        stack,
        base: base.sha.slice(0, 10),
        why: before.why,
        ...(before.plan
          ? { before: { plan: before.plan, settings: readAccessSettings(base.folder, stack) } }
          : {}),
        after: { plan: plan satisfies PlanJson, settings: readAccessSettings(root, stack) },
      },
      resources,
    );
  } finally {
    base.close();
  }
}
