import type { Finding } from "../../lib/finding";
import type { Model } from "../model";

/** Source: API Gateway API reference, CreateStage, `variables`. */
const variableName = /^[A-Za-z0-9_]+$/;
const variableValue = /^[A-Za-z0-9\-._~:/?#&=,]+$/;

/** What a plan says about API stages: variables that AWS refuses, and stages that serve an earlier deployment. */
export function stageFindings({ services, resources }: Model): Finding[] {
  return services.flatMap(({ name, stages }) =>
    stages.flatMap(({ name: stage, variables, resource: { inputs } }): Finding[] => {
      const where = `service ${name}`;
      const refused = Object.entries(variables)
        .filter(([variable, value]) => !variableName.test(variable) || !variableValue.test(value))
        .map(([variable, value]) => ({
          level: "error" as const,
          rule: "stage-variable-text",
          where,
          message: `stage variable ${variable} is ${JSON.stringify(value)}: API Gateway accepts letters, digits and _ in names, and also -.~:/?#&=, in values.`,
        }));
      if (resources.byId("aws:apigateway/deployment:Deployment", inputs.deployment)) return refused;
      const message = `stage ${stage} serves the earlier deployment ${inputs.deployment}; the routes here and the local gateway show the current spec.`;
      return [...refused, { level: "info", rule: "pinned-deployment", where, message }];
    }),
  );
}
