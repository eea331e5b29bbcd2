import type { World } from "./world";

interface Call {
  /** Invoke ARN of the function. */
  uri: string;
  /** ARN of the role by which API Gateway calls it; absent: the function's own policy must allow it. */
  credentials?: string;
  /** What the call comes from, after the API's id. */
  source: "authorizers" | "*";
}

/** Why API Gateway could not call one of the functions that a definition names; undefined when it can call all. */
export function functionObstacle(world: World, definition: object, restApi: string): string | undefined {
  for (const call of calls(definition)) {
    const name = /function:([^/:]+)\/invocations$/.exec(call.uri)?.[1] ?? call.uri;
    if (!world.get("Function", name)) return `function ${name} is gone`;
    const allowed = call.credentials
      ? roleAllows(world, call.credentials, name)
      : functionAllows(world, name, `:${restApi}/${call.source}`);
    if (!allowed) return `API Gateway may not invoke ${name}`;
  }
  return undefined;
}

type Node = Record<string, unknown>;

function calls(definition: object): Call[] {
  const found: Call[] = [];
  const visit = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    const node = value as Node;
    const authorizer = node["x-amazon-apigateway-authorizer"] as Node | undefined;
    const integration = node["x-amazon-apigateway-integration"] as Node | undefined;
    if (authorizer)
      found.push(call("authorizers", authorizer.authorizerUri, authorizer.authorizerCredentials));
    if (integration?.type === "aws_proxy") found.push(call("*", integration.uri, integration.credentials));
    Object.values(node).forEach(visit);
  };
  visit(definition);
  return found;
}

const call = (source: Call["source"], uri: unknown, credentials: unknown): Call => ({
  source,
  uri: String(uri),
  ...(credentials === undefined ? {} : { credentials: String(credentials) }),
});

function functionAllows(world: World, name: string, source: string): boolean {
  return world
    .all("Permission")
    .some(({ inputs }) => inputs.function === name && String(inputs.sourceArn).includes(source));
}

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
}

function roleAllows(world: World, roleArn: string, name: string): boolean {
  const role = world.get("Role", roleArn.split("/").pop());
  if (!String(role?.inputs.assumeRolePolicy).includes("apigateway.amazonaws.com")) return false;
  return world
    .all("RolePolicy")
    .filter(({ inputs }) => inputs.role === role?.id)
    .flatMap(({ inputs }) => (JSON.parse(String(inputs.policy)) as { Statement: Statement[] }).Statement)
    .some(
      ({ Effect, Action, Resource }) =>
        Effect === "Allow" &&
        [Action].flat().includes("lambda:InvokeFunction") &&
        [Resource].flat().some((arn) => arn.endsWith(`:function:${name}`)),
    );
}
