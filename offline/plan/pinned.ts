import type { Finding } from "../../openapi";
import type { Model } from "../model";

/** Stages that the settings hold at an earlier deployment: what callers get is not what is planned here. */
export function pinnedFindings({ services, resources }: Model): Finding[] {
  return services.flatMap(({ name, stages }) =>
    stages
      .filter(
        ({ resource }) => !resources.byId("aws:apigateway/deployment:Deployment", resource.inputs.deployment),
      )
      .map(({ name: stage, resource }) => ({
        level: "info" as const,
        rule: "pinned-deployment",
        where: `service ${name}`,
        message: `stage ${stage} serves the earlier deployment ${resource.inputs.deployment}; routes and the local side show the spec as it is now.`,
      })),
  );
}
