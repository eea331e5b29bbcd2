import type { Model } from "../model";
import type { ReportAt } from "./rules";

/** Each `${stageVariables.…}` of a definition must be set on every stage of its API. */
export function stageVariables({ services }: Model, at: ReportAt): void {
  for (const { name, definition, stages } of services) {
    const report = at(`service ${name}`);
    for (const stage of stages) {
      for (const variable of definition.stageVariables) {
        if (!stage.variables[variable]) report("stage-variable-unset", variable, stage.name);
      }
    }
  }
}
