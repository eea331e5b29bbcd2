import type { IncomingMessage } from "node:http";
import { createRequestServer, listen } from "../listen";
import { respondAsAws } from "./aws-secrets";
import { respondAsGlobus } from "./globus";
import { createTokenIssuer } from "./jwt";
import type { StandInRequest, StandInResponse } from "./stand-in";
import { levelsOf, type TestUser, testUsersOf } from "./test-users";

export interface IdentityProvider {
  users: TestUser[];
  /** Whether the test users' tokens are signed, so that their names alone are not accepted. */
  signsTokens: boolean;
  /** What to send after `Bearer ` as a test user: for stages that verify JWTs, a signed token. */
  bearer(token: string): Promise<string>;
  /** A recorded function's environment with this provider's addresses in place of the declared ones. */
  redirect(environment: Record<string, string>): Record<string, string>;
  close(): void;
}

/**
 * Stands in for Globus Auth and Groups, for an OpenID provider's keys and for the secret stores, on a free port of
 * 127.0.0.1. It refuses what they refuse: wrong client credentials, unknown tokens, unknown actions.
 * @param environments of the functions that will call it: their access levels, and how they expect tokens to be signed
 */
export async function startIdentityProvider(
  environments: Record<string, string>[],
): Promise<IdentityProvider> {
  const users = testUsersOf(levelsOf(environments));
  const verifiesJwt = environments.find(({ IDENTITY_PROVIDER }) => IDENTITY_PROVIDER === "jwt");
  const issuer = verifiesJwt && createTokenIssuer(users, verifiesJwt);

  const respond = async (request: StandInRequest): Promise<StandInResponse> => {
    if (request.headers["x-amz-target"]) return respondAsAws(request);
    if (request.path === "/.well-known/jwks.json" && issuer) return { status: 200, body: await issuer.jwks };
    return respondAsGlobus(request, users);
  };
  const server = createRequestServer(async (incoming, outgoing) => {
    const { method = "GET", url: path = "/", headers } = incoming;
    const { status, body } = await respond({ method, path, headers, body: await readText(incoming) });
    outgoing.writeHead(status, { "content-type": contentType(incoming) });
    outgoing.end(JSON.stringify(body));
  });
  const origin = await listen(server);

  return {
    users,
    signsTokens: issuer !== undefined,
    bearer: async (token) => (await issuer?.tokens)?.get(token) ?? token,
    redirect: (environment) => ({
      ...environment,
      ...onlyKeysOf(environment, {
        GLOBUS_INTROSPECT_URL: `${origin}/v2/oauth2/token/introspect`,
        GLOBUS_GROUPS_URL: `${origin}/v2/groups/my_groups`,
        JWT_JWKS_URL: `${origin}/.well-known/jwks.json`,
      }),
      AWS_ENDPOINT_URL_SECRETS_MANAGER: origin,
      AWS_ENDPOINT_URL_SSM: origin,
    }),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The identity provider that the stack declares. It has no test users, and functions keep their environment. */
export const realIdentityProvider: IdentityProvider = {
  users: [],
  signsTokens: false,
  bearer: async (token) => token,
  redirect: (environment) => environment,
  close: () => {},
};

/** Longer than any introspection or secret request. */
const MAX_BODY = 64 * 1024;

/** @throws Error when the body is too long or the client disconnects */
async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) throw new Error("the body is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function contentType({ headers }: IncomingMessage): string {
  return headers["x-amz-target"] ? "application/x-amz-json-1.1" : "application/json";
}

/** Those of `values` whose keys the environment has. */
function onlyKeysOf(environment: Record<string, string>, values: Record<string, string>) {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in environment));
}
