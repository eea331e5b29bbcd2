import { serveDefinition } from "../../gateway";
import { invokeArn } from "../../lib/arn";
import { restApi } from "../../lib/quotas";

/** The gateway under load; `gateway-soak.ts` starts it as `gateway-soak-server.ts BACKEND`, with --expose-gc. */
const [backend = ""] = process.argv.slice(2);

const uri = (name: string) => invokeArn({ region: "us-east-1", accountId: "123456789012", name });

/** The whole load runs on a few cores: routes that must respond have AWS's default timeout. */
const proxyTo = (path: string, timeoutInMillis: number) => ({
  "x-amazon-apigateway-integration": {
    type: "http_proxy",
    httpMethod: "ANY",
    uri: `${backend}/${path}`,
    timeoutInMillis,
    requestParameters: path.startsWith("{")
      ? { "integration.request.path.proxy": "method.request.path.proxy" }
      : {},
  },
});

async function serve(): Promise<void> {
  const served = await serveDefinition({
    definition: {
      openapi: "3.0.1",
      info: { title: "soak", version: "1" },
      paths: {
        "/fine": { get: proxyTo("fine", restApi.integrationTimeoutMs.max) },
        "/{proxy+}": { "x-amazon-apigateway-any-method": proxyTo("{proxy}", 200) },
        "/function/{way}": {
          get: {
            "x-amazon-apigateway-integration": {
              type: "aws_proxy",
              httpMethod: "POST",
              uri: uri("function"),
              timeoutInMillis: 200,
            },
          },
        },
        "/denied": {
          get: {
            security: [{ authorizer: [] }],
            "x-amazon-apigateway-integration": {
              type: "mock",
              requestTemplates: { "application/json": '{"statusCode": 200}' },
              responses: { default: { statusCode: "200" } },
            },
          },
        },
      },
      components: {
        securitySchemes: {
          authorizer: {
            type: "apiKey",
            name: "Authorization",
            in: "header",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: uri("authorizer") },
          },
        },
      },
    },
    functions: {
      function: (event) =>
        (event as { path: string }).path.endsWith("hang")
          ? new Promise(() => {})
          : Promise.reject(new Error("it fails")),
      authorizer: () => Promise.reject(new Error("it fails")),
    },
  });
  process.send?.(served.url);
}

process.on("message", () => {
  global.gc?.();
  const sockets = process.getActiveResourcesInfo().filter((name) => name.startsWith("TCPSocket")).length;
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({ rss, heapUsed, sockets, timers: count("Timeout") });
});
process.on("disconnect", () => process.exit(0));

const count = (type: string): number =>
  process.getActiveResourcesInfo().filter((name) => name === type).length;

void serve();
