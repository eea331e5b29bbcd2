import { wildcard } from "../../lib/iam";
import { asObject, strings } from "../../lib/json";
import { type Statement, statementsOf } from "../../policies/rules/iam";
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
  for (const { name: authorizer, uri, credentials } of definition.authorizers) {
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
    else if (!mayInvoke(fn, { credentials, sourceArn: `${executionArn}/authorizers/${authorizer}` }, model)) {
      const remedy = remedyFor(credentials, `${executionArn}/authorizers/*`);
      report("authorizer-without-permission", authorizer, fn.outputs.name, remedy);
    }
  }
}

function checkIntegrations(service: Service, model: Model, at: ReportAt): void {
  for (const { type, method, path, uri, credentials } of service.definition.integrations) {
    if (type !== "aws_proxy") continue;
    const operation = `${method} ${path}`;
    const report = at(`service ${service.name}, ${operation}`, operation);
    const fn = functionOf(uri, model);
    if (!fn) {
      report("unknown-function", "it", uri);
      continue;
    }
    for (const stage of service.stages) {
      const sourceArn = routeArn(service, stage.name, method, path);
      if (mayInvoke(fn, { credentials, sourceArn }, model)) continue;
      const remedy = remedyFor(credentials, `${service.executionArn}/*/*`);
      report("function-without-permission", fn.outputs.name, stage.name, remedy);
    }
  }
}

/** The source ARN that API Gateway sends when a route invokes a function; ANY and variables become `*`. */
function routeArn(service: Service, stage: string, method: string, path: string): string {
  const resource = path.replace(/\{[^}]+\}/g, "*");
  return `${service.executionArn}/${stage}/${method === "ANY" ? "*" : method}${resource}`;
}

const remedyFor = (credentials: string | undefined, source: string) =>
  credentials
    ? `Allow lambda:InvokeFunction on it in a policy of ${credentials}.`
    : `Add a Lambda permission for ${source}.`;

/** How API Gateway invokes a function: with a role, or on its own account with the ARN of what calls it. */
export interface Invocation {
  credentials?: string;
  sourceArn: string;
}

/** Whether API Gateway may invoke a function: by a policy of the role that it assumes, or by the function's own. */
export function mayInvoke(
  fn: InvokedFunction,
  { credentials, sourceArn }: Invocation,
  model: Model,
): boolean {
  return credentials === undefined
    ? functionAllows(fn, sourceArn, model)
    : roleAllows(credentials, fn, model);
}

interface InvokedFunction {
  outputs: { name?: unknown; arn?: unknown };
}

function functionAllows({ outputs }: InvokedFunction, sourceArn: string, { resources }: Model): boolean {
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

/** A role of another stack is taken to be right: its policies are not known here. */
function roleAllows(roleArn: string, { outputs }: InvokedFunction, { resources }: Model): boolean {
  const role = resources.ofType("aws:iam/role:Role").find((one) => one.outputs.arn === roleArn);
  if (!role) return true;
  const trusts = statementsOf(role.inputs.assumeRolePolicy).some(
    ({ Effect, Principal }) =>
      Effect === "Allow" && strings(asObject(Principal).Service).includes("apigateway.amazonaws.com"),
  );
  const statements = resources
    .ofType("aws:iam/rolePolicy:RolePolicy")
    .filter(({ inputs }) => inputs.role === role.id || inputs.role === role.outputs.name)
    .flatMap(({ inputs }) => statementsOf(inputs.policy));
  const grants = ({ Effect, Action, Resource }: Statement) =>
    Effect === "Allow" &&
    strings(Action).some((action) => /^lambda:(InvokeFunction|\*)$/.test(action)) &&
    strings(Resource).some((resource) => wildcard(resource)(String(outputs.arn)));
  return trusts && statements.some(grants);
}
