import type { Finding } from "../../openapi";
import type { Model } from "../model";

/**
 * Names are letters, digits and underscores; values have a small alphabet.
 * Source: API Gateway API reference, CreateStage, `variables`.
 */
const nameText = /^[A-Za-z0-9_]+$/;
const valueText = /^[A-Za-z0-9\-._~:/?#&=,]+$/;

/** Stage variables that AWS refuses for their characters. */
export function stageVariableTextFindings({ services }: Model): Finding[] {
  return services.flatMap(({ name, stages }) =>
    stages.flatMap((stage) =>
      Object.entries(stage.variables)
        .filter(([variable, value]) => !nameText.test(variable) || !valueText.test(value))
        .map(([variable, value]) => ({
          level: "error" as const,
          rule: "stage-variable-text",
          where: `service ${name}`,
          message: `stage variable ${variable} is ${JSON.stringify(value)}: API Gateway takes letters, digits and _ in names, and in values also -.~:/?#&=, .`,
        })),
    ),
  );
}
