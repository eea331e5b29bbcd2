import { createServer, IncomingMessage, type RequestListener, ServerResponse } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { createGateway, type GatewayOptions } from "../../../gateway";

/** A response as the client sees it. */
export interface Seen {
  status: number;
  /** Names in lower case; repeated headers joined by ", ". */
  headers: Record<string, string>;
  /** Names and values as written. */
  rawHeaders: string[];
  body: Buffer;
  text: string;
  /** The body as JSON; undefined when it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: responses are compared with literals
  json: any;
}

export interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  sourceIp?: string;
  domainName?: string;
  basePath?: string;
}

export interface TestGateway {
  request(sent?: Sent | string): Promise<Seen>;
  close(): Promise<void>;
}

/** A gateway that is driven without sockets: requests go straight into `handle`. */
export function gatewayFor(options: GatewayOptions): TestGateway {
  const gateway = createGateway(options);
  return {
    async request(given = {}) {
      const sent = typeof given === "string" ? { path: given } : given;
      const request = new IncomingMessage(new Socket());
      request.method = sent.method ?? "GET";
      request.url = sent.path ?? "/";
      request.httpVersion = "1.1";
      const headers: Record<string, string | string[]> = { Host: "api.example.org", ...sent.headers };
      const body = sent.body === undefined ? undefined : Buffer.from(sent.body as string);
      if (body) headers["Content-Length"] = String(body.length);
      for (const [name, values] of Object.entries(headers)) {
        for (const value of Array.isArray(values) ? values : [values]) {
          request.rawHeaders.push(name, value);
          request.headers[name.toLowerCase()] = value;
        }
      }
      if (body) request.push(body);
      request.push(null);
      request.complete = true;
      const response = new ServerResponse(request);
      const seen = capture(response);
      await gateway.handle(request, response, {
        sourceIp: sent.sourceIp,
        domainName: sent.domainName,
        basePath: sent.basePath,
      });
      return seen();
    },
    close: () => gateway.close(),
  };
}

function capture(response: ServerResponse): () => Seen {
  const chunks: Buffer[] = [];
  let status = 0;
  let rawHeaders: string[] = [];
  response.writeHead = ((code: number, headers: string[]) => {
    status = code;
    rawHeaders = headers;
    for (let i = 0; i < headers.length; i += 2) response.setHeader(`x-check-${i}`, headers[i + 1] as string);
    return response;
  }) as typeof response.writeHead;
  response.write = ((chunk: Buffer) => {
    chunks.push(Buffer.from(chunk));
    return true;
  }) as typeof response.write;
  response.end = ((chunk?: Buffer) => {
    if (chunk) chunks.push(Buffer.from(chunk));
    return response;
  }) as typeof response.end;
  return () => {
    const headers: Record<string, string> = {};
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = (rawHeaders[i] as string).toLowerCase();
      headers[name] =
        headers[name] === undefined
          ? (rawHeaders[i + 1] as string)
          : `${headers[name]}, ${rawHeaders[i + 1]}`;
    }
    const body = Buffer.concat(chunks);
    return {
      status,
      headers,
      rawHeaders,
      body,
      text: body.toString("utf8"),
      json: parse(body.toString("utf8")),
    };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Uri of a Lambda function, as integrations and authorizers name it. */
export const lambdaUri = (name: string): string =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/invocations`;

type Json = Record<string, unknown>;

/** An OpenAPI 3.0 document; `paths` maps a path to its methods' operations. */
export function openapi(paths: Record<string, Json>, rest: Json = {}): Json {
  return { openapi: "3.0.1", info: { title: "test", version: "1" }, paths, ...rest };
}

/** An operation with this integration. */
export const operation = (integration: Json, rest: Json = {}): Json => ({
  ...rest,
  "x-amazon-apigateway-integration": integration,
});

/** A MOCK that responds 200 with this body. */
export const mockOf = (body: string, integration: Json = {}): Json => ({
  type: "mock",
  requestTemplates: { "application/json": '{"statusCode": 200}' },
  responses: { default: { statusCode: "200", responseTemplates: { "application/json": body } } },
  ...integration,
});

export const lambdaProxy = (name: string, rest: Json = {}): Json => ({
  type: "aws_proxy",
  httpMethod: "POST",
  uri: lambdaUri(name),
  ...rest,
});

/** A backend on a free port of this machine. */
export interface Backend {
  origin: string;
  authority: string;
  close(): Promise<void>;
}

export async function backend(listener: RequestListener): Promise<Backend> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    authority: `127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A backend that echoes the request: `{ method, url, headers, rawHeaders, body }`. */
export const echoBackend = (): Promise<Backend> =>
  backend((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers, rawHeaders } = request;
      response.setHeader("Content-Type", "application/json");
      response.end(
        JSON.stringify({ method, url, headers, rawHeaders, body: Buffer.concat(chunks).toString("utf8") }),
      );
    });
  });

/** A request to an API whose only method, any on `/{path}`, has this integration. */
export async function callIntegration(
  integration: Record<string, unknown>,
  sent: Sent = {},
  rest: Record<string, unknown> = {},
  options: object = {},
): Promise<Seen> {
  const gateway = gatewayFor({
    definition: openapi(
      {
        "/{path}": {
          "x-amazon-apigateway-any-method": operation(integration, {
            responses: rest.responses ?? {},
            parameters: rest.parameters ?? [],
          }),
        },
      },
      (rest.root as Record<string, unknown>) ?? {},
    ),
    ...options,
  });
  return gateway.request({ path: "/a", ...sent });
}

/** An echo backend for the tests of a `describe`, and requests to it through an HTTP integration. */
export function httpFixture() {
  let echo: Backend;
  before(async () => {
    echo = await echoBackend();
  });
  after(() => echo.close());

  async function through(
    integration: Record<string, unknown>,
    sent: Sent,
    rest: Record<string, unknown> = {},
    options: object = {},
  ): Promise<Seen> {
    const path = (rest.path as string) ?? "/x";
    const gateway = gatewayFor({
      definition: openapi(
        {
          [path]: {
            "x-amazon-apigateway-any-method": operation(
              {
                type: "http_proxy",
                httpMethod: "ANY",
                uri: `${echo.origin}/`,
                responses: { default: { statusCode: "200" } },
                ...integration,
              },
              { parameters: rest.parameters ?? [], responses: rest.responses ?? {} },
            ),
          },
        },
        (rest.root as Record<string, unknown>) ?? {},
      ),
      apiId: "abc123",
      ...options,
    });
    try {
      return await gateway.request({ path: "/x", ...sent });
    } finally {
      await gateway.close();
    }
  }
  return { through, echo: () => echo };
}

export const headerParameter = (name: string) => ({ name, in: "header", required: false });
export const queryParameter = (name: string) => ({ name, in: "query", required: false });
