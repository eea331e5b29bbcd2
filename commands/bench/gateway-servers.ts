import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import { serveDefinition } from "../../gateway";
import { invokeArn } from "../../lib/arn";

/** The servers of the gateway benchmark; run by `gateway.ts` as `gateway-servers.ts KIND [UPSTREAM]`. */
const [kind, upstream = ""] = process.argv.slice(2);

const BODY = JSON.stringify({
  id: 1,
  name: "a small answer, as many APIs give",
  tags: ["one", "two", "three"],
});

function listen(listener: RequestListener): void {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  server.listen(0, "127.0.0.1", () =>
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
}

function backend(): void {
  listen((_, response) => {
    response.writeHead(200, {
      "Content-Type": "application/json",
      "Content-Length": String(Buffer.byteLength(BODY)),
    });
    response.end(BODY);
  });
}

/** The least a reverse proxy does: method, path and headers on, status, headers and body back. */
function bare(): void {
  const agent = new Agent({ connections: 128, pipelining: 1 });
  listen((request, response) => {
    const { host: _, connection: __, ...headers } = request.headers;
    agent.stream(
      { origin: upstream, path: request.url ?? "/", method: "GET", headers },
      ({ statusCode, headers: answer }) => {
        response.writeHead(statusCode, answer as Record<string, string>);
        return response;
      },
      (error) => {
        if (error) response.destroy(error);
      },
    );
  });
}

async function gateway(): Promise<void> {
  const route = (rest: object) => ({
    get: {
      ...rest,
      "x-amazon-apigateway-integration": {
        type: "http_proxy",
        httpMethod: "GET",
        uri: "http://${stageVariables.BACKEND}/{id}",
        connectionType: "VPC_LINK",
        connectionId: "${stageVariables.VPCLINK}",
        requestParameters: { "integration.request.path.id": "method.request.path.id" },
      },
    },
  });
  const served = await serveDefinition({
    definition: {
      openapi: "3.0.1",
      info: { title: "bench", version: "1" },
      paths: { "/open/{id}": route({}), "/authorized/{id}": route({ security: [{ authorizer: [] }] }) },
      components: {
        securitySchemes: {
          authorizer: {
            type: "apiKey",
            name: "Authorization",
            in: "header",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {
              type: "token",
              authorizerUri: invokeArn({ region: "us-east-1", accountId: "123456789012", name: "allow" }),
              authorizerResultTtlInSeconds: 0,
            },
          },
        },
      },
    },
    stageVariables: { BACKEND: upstream.replace("http://", ""), VPCLINK: "link" },
    functions: {
      allow: async (event) => ({
        principalId: "caller",
        policyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Action: "execute-api:Invoke",
              Effect: "Allow",
              Resource: (event as { methodArn: string }).methodArn,
            },
          ],
        },
      }),
    },
  });
  process.send?.(served.url);
}

process.on("message", (message) => {
  if (message === "memory") process.send?.(process.memoryUsage.rss());
});
process.on("disconnect", () => process.exit(0));

if (kind === "backend") backend();
else if (kind === "bare") bare();
else void gateway();
