import type { ApiKey, MethodSettings, StageSettings, Throttle } from "../../../gateway/rest-api/options";
import type { ApiStage, Model, Service } from "../../../offline/model";

type Loose = Record<string, unknown>;

/** Caching, throttling and canary of a recorded API stage. */
export function stageSettingsOf(service: Service, stage: ApiStage, { resources }: Model): StageSettings {
  const { cacheClusterEnabled, canarySettings } = stage.resource.inputs;
  const methodSettings = resources
    .ofType("aws:apigateway/methodSettings:MethodSettings")
    .filter(({ inputs }) => inputs.restApi === service.restApi.id && inputs.stageName === stage.name)
    .map(
      ({ inputs }) =>
        [methodKey(String(inputs.methodPath)), (inputs.settings ?? {}) as MethodSettings] as const,
    );
  const canary = canarySettings as
    | { percentTraffic?: number; stageVariableOverrides?: Record<string, string>; useStageCache?: boolean }
    | undefined;
  return {
    cacheClusterEnabled: cacheClusterEnabled === true,
    methodSettings: Object.fromEntries(methodSettings),
    ...(canary && { canarySettings: { ...canary, percentTraffic: canary.percentTraffic ?? 0 } }),
  };
}

/** The keys of usage plans that cover a stage, with the plans' limits. */
export function apiKeysOf(service: Service, stage: ApiStage, { resources }: Model): ApiKey[] {
  const plans = resources
    .ofType("aws:apigateway/usagePlan:UsagePlan")
    .filter(({ inputs }) =>
      ((inputs.apiStages as { apiId: string; stage: string }[] | undefined) ?? []).some(
        (covered) => covered.apiId === service.restApi.id && covered.stage === stage.name,
      ),
    );
  return plans.flatMap((plan) =>
    resources
      .where("aws:apigateway/usagePlanKey:UsagePlanKey", "usagePlanId", plan.id)
      .flatMap(({ inputs }) => {
        const key = resources.byId("aws:apigateway/apiKey:ApiKey", inputs.keyId);
        if (!key) return [];
        const { throttleSettings, quotaSettings } = plan.inputs as {
          throttleSettings?: Throttle;
          quotaSettings?: Loose;
        };
        return [
          {
            id: key.id,
            value: String(key.outputs.value),
            enabled: key.inputs.enabled !== false,
            ...(throttleSettings && { throttle: throttleSettings }),
            ...(quotaSettings && { quota: quotaSettings as ApiKey["quota"] }),
          },
        ];
      }),
  );
}

/** Pulumi writes a method's path without its first slash. */
function methodKey(path: string): string {
  return path === "*/*" ? path : `/${path}`;
}
