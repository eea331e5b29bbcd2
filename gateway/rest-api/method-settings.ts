import type { Method } from "./model";
import type { MethodSettings } from "./options";
import type { Runtime } from "./runtime";

export interface EffectiveSettings extends MethodSettings {
  /** Whether the method has settings of its own besides those for every method. */
  isOverride: boolean;
}

/** The stage's settings for every method (key asterisk-slash-asterisk), overridden by the method's own. */
export function settingsFor(runtime: Runtime, method: Method): EffectiveSettings {
  const all = runtime.options.stageSettings?.methodSettings ?? {};
  const name = `${method.path.replace(/^\//, "")}/${method.httpMethod}`;
  const [, override] = Object.entries(all).find(([key]) => normalize(key) === name) ?? [];
  return { ...all["*/*"], ...override, isOverride: override !== undefined };
}

/** Keys are written as `/pets/GET`, `pets/GET` or `~1pets/GET`. */
const normalize = (key: string): string => key.replaceAll("~1", "/").replace(/^\/+/, "");
