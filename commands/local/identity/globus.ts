import type { Person } from "./people";
import { type Answer, localSecrets, type Request } from "./server";

/** Globus Auth's introspection and Globus Groups' list, for the stub's people. */
export function globusAnswer(request: Request, people: Person[]): Answer {
  const [path] = request.path.split("?");
  if (path === "/v2/oauth2/token/introspect" && request.method === "POST") return introspect(request, people);
  if (path === "/v2/groups/my_groups" && request.method === "GET") return groups(request, people);
  return { status: 404, body: { code: "NOT_FOUND" } };
}

/** An unknown or ended token is an inactive one, with nothing else said. Source: RFC 7662, 2.2. */
function introspect({ headers, body }: Request, people: Person[]): Answer {
  const [, credentials = ""] = (headers.authorization ?? "").split("Basic ");
  const [clientId, clientSecret] = Buffer.from(credentials, "base64").toString().split(":");
  if (!clientId || clientSecret !== localSecrets.clientSecret) {
    return { status: 401, body: { errors: [{ status: "401", title: "Unauthorized" }] } };
  }
  const person = find(new URLSearchParams(body).get("token"), people);
  if (!person || person.expired) return { status: 200, body: { active: false } };
  return {
    status: 200,
    body: {
      active: true,
      sub: `${person.token.replace(/-token$/, "")}-user`,
      username: `${person.token.replace(/-token$/, "")}@example.org`,
      scope: "urn:globus:auth:scope:groups.api.globus.org:all",
      client_id: clientId,
      exp: Math.floor(Date.now() / 1000) + 3600,
    },
  };
}

function groups({ headers }: Request, people: Person[]): Answer {
  const person = find((headers.authorization ?? "").replace(/^Bearer /, ""), people);
  if (!person || person.expired) {
    return { status: 401, body: { code: "UNAUTHORIZED", detail: "Call must be authenticated" } };
  }
  return {
    status: 200,
    body: person.groups.map((id) => ({ id, name: id, my_memberships: [{ status: "active" }] })),
  };
}

function find(token: string | null, people: Person[]): Person | undefined {
  return people.find((person) => person.token === token);
}
