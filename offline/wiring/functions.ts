import { wildcard } from "../../lib/iam";
import { functionOf, type Model, type Service } from "../model";
import type { ReportAt } from "./rules";

/** Functions that a definition calls must exist and allow API Gateway to invoke them for this API. */
export function functionChecks(model: Model, at: ReportAt): void {
  for (const service of model.services) {
    checkAuthorizers(service, model, at);
    checkIntegrations(service, model, at);
  }
}

function checkAuthorizers({ name, definition, executionArn }: Service, model: Model, at: ReportAt): void {
  const report = at(`service ${name}`);
  for (const { name: authorizer, uri, hasCredentials } of definition.authorizers) {
    const fn = functionOf(uri, model);
    if (!fn) {
      report("unknown-function", `authorizer ${authorizer}`, uri);
      continue;
    }
    // A `<level>-authorizer` that calls the function of another level admits the wrong callers.
    const level = /^(.+)-authorizer$/.exec(authorizer)?.[1];
    const checked = fn.inputs.environment?.variables?.ACCESS_LEVEL;
    if (level !== undefined && checked !== level)
      report("authorizer-of-another-level", authorizer, fn.outputs.name, level, checked);
    else if (!hasCredentials && !mayInvoke(fn, `${executionArn}/authorizers/${authorizer}`, model))
      report("authorizer-without-permission", authorizer, fn.outputs.name, executionArn);
  }
}

function checkIntegrations(service: Service, model: Model, at: ReportAt): void {
  for (const { type, method, path, uri, hasCredentials } of service.definition.integrations) {
    if (type !== "aws_proxy") continue;
    const operation = `${method} ${path}`;
    const report = at(`service ${service.name}, ${operation}`, operation);
    const fn = functionOf(uri, model);
    if (!fn) {
      report("unknown-function", "it", uri);
      continue;
    }
    for (const stage of hasCredentials ? [] : service.stages) {
      if (!mayInvoke(fn, routeArn(service, stage.name, method, path), model))
        report("function-without-permission", fn.outputs.name, stage.name, service.executionArn);
    }
  }
}

/** The source ARN that API Gateway sends when a route invokes a function; ANY and variables become `*`. */
function routeArn(service: Service, stage: string, method: string, path: string): string {
  const resource = path.replace(/\{[^}]+\}/g, "*");
  return `${service.executionArn}/${stage}/${method === "ANY" ? "*" : method}${resource}`;
}

/** Whether a recorded permission allows API Gateway to invoke a function for `sourceArn`. */
export function mayInvoke(
  { outputs }: { outputs: { name?: unknown; arn?: unknown } },
  sourceArn: string,
  { resources }: Model,
): boolean {
  return resources
    .ofType("aws:lambda/permission:Permission")
    .some(
      ({ inputs }) =>
        (inputs.function === outputs.name || inputs.function === outputs.arn) &&
        inputs.principal === "apigateway.amazonaws.com" &&
        /^lambda:(InvokeFunction|\*)$/.test(inputs.action) &&
        (inputs.sourceArn === undefined || wildcard(inputs.sourceArn)(sourceArn)),
    );
}
