import type { GatewayOptions } from "./options";

export interface Canary {
  percentTraffic: number;
  definition: unknown;
  stageVariables: Record<string, string>;
}

/** A canary has its own stage variables on top of the stage's, and its own deployment if there is one. */
export function canaryOf(options: GatewayOptions): Canary | undefined {
  const settings = options.stageSettings?.canarySettings;
  return (
    settings && {
      percentTraffic: settings.percentTraffic,
      definition: settings.definition ?? options.definition,
      stageVariables: { ...options.stageVariables, ...settings.stageVariableOverrides },
    }
  );
}
