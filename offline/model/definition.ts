import { asObject, type JsonObject, stringAt } from "../../lib/json";
import { INTEGRATION, methodName } from "../../openapi/operations";

/** What a definition (OpenAPI with API Gateway extensions) refers to outside itself. */
export interface Definition {
  /** The parsed document; an empty object for an API without one. */
  document: JsonObject;
  /** Size as AWS receives it. */
  bytes: number;
  authorizers: { name: string; uri: string; credentials?: string }[];
  integrations: Integration[];
  /** Every NAME in `${stageVariables.NAME}`. */
  stageVariables: string[];
}

export interface Integration {
  method: string;
  path: string;
  /** Lower case, e.g. http_proxy. */
  type: string;
  uri: string;
  /** Only for integrations over a VPC link. */
  connectionId?: string;
  /** ARN of the role with which API Gateway calls it. */
  credentials?: string;
}

export function readDefinition(body: unknown): Definition {
  const text = typeof body === "string" ? body : JSON.stringify(body ?? {});
  const document = JSON.parse(text || "{}") as JsonObject;
  const variables = [...text.matchAll(/\$\{?stageVariables\.(\w+)/g)].map(([, name]) => name as string);
  return {
    document,
    bytes: Buffer.byteLength(text),
    authorizers: authorizersOf(document),
    integrations: integrationsOf(document),
    stageVariables: [...new Set(variables)].sort(),
  };
}

/** `text` with the values of a stage's variables; undefined when it uses one that is not set. */
export function substitute(text: string, variables: Record<string, string>): string | undefined {
  let complete = true;
  const substituted = text.replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => {
    complete &&= variables[name] !== undefined;
    return variables[name] ?? "";
  });
  return complete ? substituted : undefined;
}

function authorizersOf(document: JsonObject): Definition["authorizers"] {
  const schemes = Object.entries(asObject(asObject(document.components).securitySchemes));
  return schemes.flatMap(([name, scheme]) => {
    const authorizer = asObject(asObject(scheme)["x-amazon-apigateway-authorizer"]);
    const uri = stringAt(authorizer, "authorizerUri");
    return uri ? [{ name, uri, ...credentialsOf(authorizer.authorizerCredentials) }] : [];
  });
}

function integrationsOf(document: JsonObject): Integration[] {
  return Object.entries(asObject(document.paths)).flatMap(([path, item]) =>
    Object.entries(asObject(item)).flatMap(([key, operation]) => {
      const integration = asObject(operation)[INTEGRATION];
      if (integration === undefined) return [];
      const { type, uri, connectionType, connectionId, credentials } = asObject(integration);
      return [
        {
          method: methodName(key),
          path,
          type: String(type ?? "").toLowerCase(),
          uri: String(uri ?? ""),
          ...(connectionType === "VPC_LINK" && { connectionId: String(connectionId ?? "") }),
          ...credentialsOf(credentials),
        },
      ];
    }),
  );
}

function credentialsOf(role: unknown): { credentials?: string } {
  return typeof role === "string" ? { credentials: role } : {};
}
