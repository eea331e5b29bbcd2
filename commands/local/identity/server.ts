import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { awsAnswer } from "./aws-secrets";
import { globusAnswer } from "./globus";
import { createIssuer, type Issuer } from "./jwt";
import { type Level, type Person, peopleOf } from "./people";

export interface IdentityProvider {
  people: Person[];
  /** What to send after `Bearer ` to come as one of the people: for JWT stages a signed token. */
  bearer(token: string): Promise<string>;
  /** Environment that makes a recorded function ask this provider instead of what it was declared to ask. */
  redirect(environment: Record<string, string>): Record<string, string>;
  close(): void;
}

export interface Request {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface Answer {
  status: number;
  body: unknown;
}

/** Secrets as every stack's secret holds them; nobody outside this process accepts them. */
export const localSecrets = { clientSecret: "local-client-secret", processSecret: "local-process-secret" };

/**
 * Stands for Globus Auth and Groups, for an OpenID provider's keys and for the secret stores, on a free port of
 * 127.0.0.1. It refuses what the real ones refuse: wrong client credentials, unknown tokens, unknown secrets.
 * @param environments of the functions that will ask; where they trust signed tokens, the stub signs as they expect
 */
export async function startIdentityProvider(
  levels: Level[],
  environments: Record<string, string>[] = [],
): Promise<IdentityProvider> {
  const people = peopleOf(levels);
  const signed = environments.find(({ IDENTITY_PROVIDER }) => IDENTITY_PROVIDER === "jwt");
  const issuer: Issuer | undefined = signed && createIssuer(people, signed);
  const server = createServer(async (incoming, response) => {
    const answer = await answerTo({
      method: incoming.method ?? "GET",
      path: incoming.url ?? "/",
      headers: incoming.headers,
      body: await text(incoming),
    });
    response.writeHead(answer.status, { "content-type": contentType(incoming) });
    response.end(JSON.stringify(answer.body));
  });
  const origin = await listen(server);

  return {
    people,
    async bearer(token) {
      const person = people.find((one) => one.token === token);
      return issuer && person ? ((await issuer.tokens).get(token) ?? token) : token;
    },
    redirect(environment) {
      return {
        ...environment,
        ...only(environment, {
          GLOBUS_INTROSPECT_URL: `${origin}/v2/oauth2/token/introspect`,
          GLOBUS_GROUPS_URL: `${origin}/v2/groups/my_groups`,
          JWT_JWKS_URL: `${origin}/.well-known/jwks.json`,
        }),
        AWS_ENDPOINT_URL_SECRETS_MANAGER: origin,
        AWS_ENDPOINT_URL_SSM: origin,
      };
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };

  async function answerTo(request: Request): Promise<Answer> {
    if (request.headers["x-amz-target"]) return awsAnswer(request, JSON.stringify(localSecrets));
    if (request.path === "/.well-known/jwks.json" && issuer) return { status: 200, body: await issuer.jwks };
    return globusAnswer(request, people);
  }
}

function contentType({ headers }: IncomingMessage): string {
  return headers["x-amz-target"] ? "application/x-amz-json-1.1" : "application/json";
}

/** Those of `values` whose names the environment has. */
function only(environment: Record<string, string>, values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in environment));
}

export function listen(server: Server, port = 0): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}
