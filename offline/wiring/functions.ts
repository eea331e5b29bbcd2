import type { Finding } from "../../openapi";
import { functionOf, type Model, type Service } from "../model";
import type { RecordedResource } from "../recording";
import { broken } from ".";

/** Functions that a definition calls must exist and let API Gateway call them for this API. */
export function functionFindings(model: Model): Finding[] {
  return model.services.flatMap((service) => [
    ...authorizerFindings(service, model),
    ...integrationFindings(service, model),
  ]);
}

function authorizerFindings(service: Service, model: Model): Finding[] {
  const where = `service ${service.name}`;
  return service.definition.authorizers.flatMap(({ name, uri, hasCredentials }) => {
    const called = functionOf(uri, model);
    if (!called)
      return [
        broken(
          "unknown-function",
          where,
          `authorizer ${name} calls ${uri}, which is no function of this stack.`,
        ),
      ];
    const foreign = otherLevel(name, called);
    if (foreign !== undefined) return [broken("authorizer-of-another-level", where, foreign)];
    if (hasCredentials || mayCall(called, `${service.executionArn}/authorizers/${name}`, model)) return [];
    return [
      broken(
        "authorizer-without-permission",
        where,
        `function ${called.outputs.name} does not let this API call it as authorizer ${name}: every call of its routes would be a 500. Add a Lambda permission for ${service.executionArn}/authorizers/*.`,
      ),
    ];
  });
}

/** A `<level>-authorizer` calls the function that checks this level: another one lets in whom it should not. */
function otherLevel(authorizer: string, { outputs }: RecordedResource): string | undefined {
  const { variables = {} } = (outputs.environment ?? {}) as { variables?: Record<string, string> };
  const level = /^(.+)-authorizer$/.exec(authorizer)?.[1];
  if (level === undefined || variables.ACCESS_LEVEL === level) return undefined;
  const checks = variables.ACCESS_LEVEL ? `the access level ${variables.ACCESS_LEVEL}` : "no access level";
  return `authorizer ${authorizer} calls ${outputs.name}, which checks ${checks}: take the URI of the function for ${level}.`;
}

function integrationFindings(service: Service, model: Model): Finding[] {
  const where = `service ${service.name}`;
  const routes = service.definition.integrations.filter(({ type }) => type === "aws_proxy");
  return routes.flatMap(({ method, path, uri, hasCredentials }) => {
    const called = functionOf(uri, model);
    if (!called)
      return [
        broken(
          "unknown-function",
          `${where}, ${method} ${path}`,
          `it calls ${uri}, which is no function of this stack.`,
        ),
      ];
    const refused = service.stages.filter(
      (stage) => !hasCredentials && !mayCall(called, routeArn(service, stage.name, method, path), model),
    );
    return refused.map((stage) =>
      broken(
        "function-without-permission",
        `${where}, ${method} ${path}`,
        `function ${called.outputs.name} does not let stage ${stage.name} call it: every call would be a 500. Add a Lambda permission for ${service.executionArn}/*/*.`,
      ),
    );
  });
}

/** What API Gateway gives as source when a route calls a function. ANY and variables stand as `*`. */
export function routeArn(service: Service, stage: string, method: string, path: string): string {
  const resource = path.replace(/\{[^}]+\}/g, "*");
  return `${service.executionArn}/${stage}/${method === "ANY" ? "*" : method}${resource}`;
}

/** Whether a recorded permission lets API Gateway call a function for `sourceArn`. */
export function mayCall(called: RecordedResource, sourceArn: string, { resources }: Model): boolean {
  const names = [called.outputs.name, called.outputs.arn];
  return resources.ofType("aws:lambda/permission:Permission").some(({ inputs }) => {
    const allowed = inputs.sourceArn === undefined || like(String(inputs.sourceArn), sourceArn);
    return (
      names.includes(inputs.function) &&
      inputs.principal === "apigateway.amazonaws.com" &&
      /^lambda:(InvokeFunction|\*)$/.test(String(inputs.action)) &&
      allowed
    );
  });
}

/** IAM's ArnLike: `*` within and across segments, `?` for one character. */
function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(text);
}
