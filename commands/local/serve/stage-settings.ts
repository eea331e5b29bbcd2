import type { ApiKey, StageSettings } from "../../../gateway/rest-api/options";
import type { ApiStage, Model, Service } from "../../../offline/model";

/** Caching, throttling and canary of a recorded API stage. */
export function stageSettingsOf(service: Service, stage: ApiStage, { resources }: Model): StageSettings {
  const { cacheClusterEnabled, canarySettings } = stage.resource.inputs;
  const methodSettings = resources
    .ofType("aws:apigateway/methodSettings:MethodSettings")
    .filter(({ inputs }) => inputs.restApi === service.restApi.id && inputs.stageName === stage.name)
    .map(({ inputs: { methodPath, settings } }) => [methodKey(methodPath), settings ?? {}] as const);
  return {
    cacheClusterEnabled: cacheClusterEnabled === true,
    methodSettings: Object.fromEntries(methodSettings) as StageSettings["methodSettings"],
    ...(canarySettings && {
      canarySettings: { ...canarySettings, percentTraffic: canarySettings.percentTraffic ?? 0 },
    }),
  };
}

/** The API keys of the usage plans that cover a stage, with the plans' limits. */
export function apiKeysOf(service: Service, stage: ApiStage, { resources }: Model): ApiKey[] {
  const plans = resources
    .ofType("aws:apigateway/usagePlan:UsagePlan")
    .filter(({ inputs }) =>
      (inputs.apiStages ?? []).some(
        (covered) => covered.apiId === service.restApi.id && covered.stage === stage.name,
      ),
    );
  return plans.flatMap((plan) =>
    resources
      .where("aws:apigateway/usagePlanKey:UsagePlanKey", "usagePlanId", plan.id)
      .flatMap(({ inputs }) => {
        const key = resources.byId("aws:apigateway/apiKey:ApiKey", inputs.keyId);
        const { throttleSettings: throttle, quotaSettings: quota } = plan.inputs;
        return key
          ? [
              {
                id: key.id,
                value: String(key.outputs.value),
                enabled: key.inputs.enabled !== false,
                ...(throttle && { throttle: throttle as ApiKey["throttle"] }),
                ...(quota && { quota: quota as ApiKey["quota"] }),
              },
            ]
          : [];
      }),
  );
}

/** Pulumi omits the first slash of a method's path. */
function methodKey(path: string): string {
  return path === "*/*" ? path : `/${path}`;
}
