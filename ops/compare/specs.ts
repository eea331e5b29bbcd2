import type { PlanJson } from "./base";

/** One difference of parameters, bodies or answers. Routes and their access are compared apart, with the stack's levels. */
export interface CallerChange {
  service: string;
  breaking: boolean;
  /** "GET /entities/{id}", or empty where no operation is concerned. */
  where: string;
  message: string;
}

/** What changes for callers within the routes that both have. */
export function callerChanges(_before: PlanJson, _after: PlanJson): CallerChange[] {
  return [];
}
