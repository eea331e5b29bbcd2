import type { Finding } from "../../openapi";
import type { Model } from "../model";
import { broken } from ".";

/** What a definition reads from `${stageVariables.…}` must be set on each of the API's stages. */
export function stageVariableFindings({ services }: Model): Finding[] {
  return services.flatMap(({ name, definition, stages }) =>
    stages.flatMap((stage) =>
      definition.stageVariables
        .filter((variable) => !stage.variables[variable])
        .map((variable) =>
          broken(
            "stage-variable-unset",
            `service ${name}`,
            `the definition uses \${stageVariables.${variable}}, which stage ${stage.name} does not set: its routes would answer 500.`,
          ),
        ),
    ),
  );
}
