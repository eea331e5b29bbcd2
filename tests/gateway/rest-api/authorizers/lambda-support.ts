import { gatewayFor, lambdaUri, mockOf, openapi, operation, type Seen, type Sent } from "../support";

// biome-ignore lint/suspicious/noExplicitAny: events and results are untyped
export type Any = any;
export const allow = (resource: unknown, rest: object = {}) => ({
  principalId: "user",
  policyDocument: {
    Version: "2012-10-17",
    Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: resource }],
  },
  ...rest,
});
export const deny = (resource: unknown) => ({
  principalId: "user",
  policyDocument: {
    Version: "2012-10-17",
    Statement: [{ Action: "execute-api:Invoke", Effect: "Deny", Resource: resource }],
  },
});

interface Setup {
  authorizer?: object;
  scheme?: object;
  root?: Record<string, unknown>;
  output?: (event: Any) => unknown;
  body?: string;
  options?: object;
}

export function setUp({
  authorizer = {},
  scheme = {},
  root = {},
  output = (event) => allow(event.methodArn),
  body = '"ok"',
  options = {},
}: Setup) {
  const events: Any[] = [];
  const gateway = gatewayFor({
    definition: openapi(
      {
        "/pets": {
          get: operation(mockOf(body), { security: [{ auth: [] }] }),
          post: operation(mockOf(body), { security: [{ auth: [] }] }),
        },
        "/pets/{id}": { get: operation(mockOf(body), { security: [{ auth: [] }] }) },
      },
      {
        components: {
          securitySchemes: {
            auth: {
              type: "apiKey",
              name: "Authorization",
              in: "header",
              "x-amazon-apigateway-authtype": "custom",
              ...scheme,
              "x-amazon-apigateway-authorizer": {
                type: "token",
                authorizerUri: lambdaUri("auth"),
                authorizerResultTtlInSeconds: 0,
                ...authorizer,
              },
            },
          },
        },
        ...root,
      },
    ),
    apiId: "abc123",
    functions: {
      auth: async (event) => {
        events.push(event);
        const result = output(event);
        if (result instanceof Error || typeof result === "string") throw result;
        return result;
      },
    },
    ...options,
  });
  const call = (sent: Sent = {}): Promise<Seen> =>
    gateway.request({ path: "/pets", headers: { Authorization: "token" }, ...sent });
  return { call, events };
}

export const ARN = "arn:aws:execute-api:us-east-1:123456789012:abc123";
