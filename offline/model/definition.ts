/** What a definition (OpenAPI with API Gateway extensions) refers to outside itself. */
export interface Definition {
  /** The parsed document; an empty object when the API has none. */
  document: Record<string, unknown>;
  /** Size as it is sent to AWS. */
  bytes: number;
  authorizers: { name: string; uri: string; hasCredentials: boolean }[];
  integrations: Integration[];
  /** Names in `${stageVariables.NAME}`, wherever they stand. */
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
  hasCredentials: boolean;
}

type Loose = Record<string, unknown>;

export function readDefinition(body: unknown): Definition {
  const text = typeof body === "string" ? body : JSON.stringify(body ?? {});
  const document = JSON.parse(text || "{}") as Loose;
  const variables = [...text.matchAll(/\$\{?stageVariables\.(\w+)/g)].map(([, name]) => name as string);
  return {
    document,
    bytes: Buffer.byteLength(text),
    authorizers: authorizersOf(document),
    integrations: integrationsOf(document),
    stageVariables: [...new Set(variables)].sort(),
  };
}

/** `text` with the stage's variables put in; the names of those it lacks. */
export function substitute(
  text: string,
  variables: Record<string, string>,
): { text: string; missing: string[] } {
  const missing: string[] = [];
  const replaced = text.replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) missing.push(name);
    return value ?? "";
  });
  return { text: replaced, missing };
}

function authorizersOf(document: Loose): Definition["authorizers"] {
  const schemes = Object.entries(asObject(asObject(document.components).securitySchemes));
  return schemes.flatMap(([name, scheme]) => {
    const authorizer = asObject(asObject(scheme)["x-amazon-apigateway-authorizer"]);
    const uri = authorizer.authorizerUri;
    return typeof uri === "string"
      ? [{ name, uri, hasCredentials: Boolean(authorizer.authorizerCredentials) }]
      : [];
  });
}

function integrationsOf(document: Loose): Integration[] {
  return Object.entries(asObject(document.paths)).flatMap(([path, item]) =>
    Object.entries(asObject(item)).flatMap(([key, operation]) => {
      const integration = asObject(operation)["x-amazon-apigateway-integration"];
      if (integration === undefined) return [];
      const { type, uri, connectionType, connectionId, credentials } = asObject(integration);
      return [
        {
          method: key === "x-amazon-apigateway-any-method" ? "ANY" : key.toUpperCase(),
          path,
          type: String(type ?? "").toLowerCase(),
          uri: String(uri ?? ""),
          ...(connectionType === "VPC_LINK" && { connectionId: String(connectionId ?? "") }),
          hasCredentials: Boolean(credentials),
        },
      ];
    }),
  );
}

function asObject(value: unknown): Loose {
  return typeof value === "object" && value !== null ? (value as Loose) : {};
}
