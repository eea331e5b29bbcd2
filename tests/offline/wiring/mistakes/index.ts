import type { RuleId } from "../../../../offline/wiring/rules";
import type { Mistake } from "../../wires";

/** A mistake of the program, and the finding that it must cause. */
export interface PlantedMistake {
  what: string;
  rule: RuleId;
  where: RegExp;
  mistake: Mistake;
}
