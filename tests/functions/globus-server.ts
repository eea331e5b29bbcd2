import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";

/** What the server does with one request. */
export type Behaviour =
  | { status?: number; body?: string; headers?: Record<string, string> }
  /** Takes the request and says nothing. */
  | "hang"
  /** Ends the connection without an answer. */
  | "reset"
  /** Announces more than it sends, then ends the connection. */
  | "truncate"
  /** Sends without end. */
  | "endless"
  /** Sends a correct answer one byte at a time, far too slowly. */
  | "trickle";

export interface ReceivedRequest {
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
  /** The client's port: the same for requests on one connection. */
  port: number | undefined;
}

/** An identity provider as Globus is one, on 127.0.0.1, that also plays Secrets Manager. */
export interface GlobusServer {
  url: string;
  /** Environment of an authorizer that is to ask this server; the secrets are `secrets`. */
  environment: Record<string, string>;
  received: ReceivedRequest[];
  /** Behaviours of the next requests to a path, first come first served; then the regular answer. */
  next: { introspect: Behaviour[]; groups: Behaviour[]; secret: Behaviour[] };
  /** Known tokens and what introspection and group membership say about them. */
  tokens: Map<string, { introspection: object; groups: unknown }>;
  secrets: { clientSecret?: string; processSecret?: string };
  close(): Promise<void>;
}

export const clientId = "21f293b0-0000-4000-8000-000000000000";

export async function startGlobus(tls?: { key: string; cert: string }): Promise<GlobusServer> {
  const received: ReceivedRequest[] = [];
  const next: GlobusServer["next"] = { introspect: [], groups: [], secret: [] };
  const tokens: GlobusServer["tokens"] = new Map();
  const secrets = { clientSecret: "client:secret/+=", processSecret: "process-secret-0123456789" };
  const listener: http.RequestListener = (request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const path = request.url ?? "";
      received.push({ path, headers: request.headers, body, port: request.socket.remotePort });
      const kind = path.startsWith("/introspect")
        ? "introspect"
        : path.startsWith("/groups")
          ? "groups"
          : "secret";
      perform(response, next[kind].shift() ?? regular(kind, request.headers, body));
    });
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `${tls ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function regular(kind: keyof typeof next, headers: http.IncomingHttpHeaders, body: string): Behaviour {
    if (kind === "secret" && headers["x-amz-target"] === "AmazonSSM.GetParameter") {
      const { WithDecryption } = JSON.parse(body);
      return {
        body: JSON.stringify({
          Parameter: { Value: WithDecryption ? JSON.stringify(secrets) : "encrypted" },
        }),
      };
    }
    if (kind === "secret") {
      return { body: JSON.stringify({ Name: "gateway", SecretString: JSON.stringify(secrets) }) };
    }
    if (kind === "introspect") {
      const expected = Buffer.from(`${clientId}:${secrets.clientSecret}`).toString("base64");
      if (headers.authorization !== `Basic ${expected}`) return { status: 401, body: "{}" };
      const token = new URLSearchParams(body).get("token") ?? "";
      return { body: JSON.stringify(tokens.get(token)?.introspection ?? { active: false }) };
    }
    const token = headers.authorization?.replace(/^Bearer /, "") ?? "";
    const known = tokens.get(token);
    return known ? { body: JSON.stringify(known.groups) } : { status: 401, body: "Unauthorized" };
  }

  return {
    url,
    environment: {
      IDENTITY_PROVIDER: "globus",
      GLOBUS_CLIENT_ID: clientId,
      GLOBUS_INTROSPECT_URL: `${url}/introspect`,
      GLOBUS_GROUPS_URL: `${url}/groups`,
      SECRET_ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-a1B2c3",
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `${url}/secret`,
      AWS_ENDPOINT_URL_SSM: `${url}/secret`,
    },
    received,
    next,
    tokens,
    secrets,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function perform(response: http.ServerResponse, behaviour: Behaviour): void {
  if (typeof behaviour === "object") {
    response.writeHead(behaviour.status ?? 200, { "Content-Type": "application/json", ...behaviour.headers });
    response.end(behaviour.body ?? "");
    return;
  }
  switch (behaviour) {
    case "hang":
      return;
    case "reset":
      response.destroy();
      return;
    case "truncate":
      response.writeHead(200, { "Content-Length": "1000" });
      response.write('{"active": true, "sub": "someone"');
      setImmediate(() => response.destroy());
      return;
    case "endless":
      response.writeHead(200);
      flood(response);
      return;
    case "trickle": {
      response.writeHead(200);
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
      return;
    }
    default:
      behaviour satisfies never;
  }
}

function flood(response: http.ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, 0x20);
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more);
  more();
}
