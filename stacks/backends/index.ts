import type { ServiceSettings, Settings } from "../settings";
import type { BackendPlan, BackendService } from "./kind";
import { kindList } from "./registry";

/** Plans the backends of every kind that the services use. Declares nothing and throws nothing. */
export function planBackends(settings: Settings, root: string): BackendPlan {
  const plans = kindList.map(([key, kind]) => kind.plan(servicesOf(key, settings), { ...settings, root }));
  return {
    findings: plans.flatMap(({ findings }) => findings),
    create(stage) {
      const created = plans.map((plan) => plan.create(stage));
      return {
        backends: new Map(created.flatMap(({ backends }) => [...backends])),
        outputs: Object.assign({}, ...created.map(({ outputs }) => outputs)),
      };
    },
  };
}

function servicesOf(key: string, settings: Settings): BackendService<unknown>[] {
  return settings.services.flatMap((service, index) => {
    const backend = Object.entries(service.backend).find(([kind]) => kind === key)?.[1];
    if (backend === undefined) return [];
    const locate = (...path: string[]) => settings.locate(["services", index, "backend", key, ...path]);
    return [{ ...service, backend, locate }];
  });
}

/** IDs of the existing EC2 instances that run a service. */
export function instancesOf({ backend }: ServiceSettings): string[] {
  const given = new Map<string, unknown>(Object.entries(backend));
  return kindList.flatMap(([key, kind]) =>
    given.get(key) === undefined ? [] : kind.instances(given.get(key)),
  );
}
