import { localSecrets, type StandInRequest, type StandInResponse } from "./stand-in";
import { type TestUser, userName } from "./test-users";

/** Globus Auth's token introspection and Globus Groups' list of memberships, for the test users. */
export function respondAsGlobus(request: StandInRequest, users: TestUser[]): StandInResponse {
  const [path] = request.path.split("?");
  if (path === "/v2/oauth2/token/introspect" && request.method === "POST") return introspect(request, users);
  if (path === "/v2/groups/my_groups" && request.method === "GET") return groups(request, users);
  return { status: 404, body: { code: "NOT_FOUND" } };
}

/** For an unknown or expired token the response is `active: false` and nothing else. Source: RFC 7662, 2.2. */
function introspect({ headers, body }: StandInRequest, users: TestUser[]): StandInResponse {
  const [, credentials = ""] = (headers.authorization ?? "").split("Basic ");
  const [clientId, clientSecret] = Buffer.from(credentials, "base64").toString().split(":");
  if (!clientId || clientSecret !== localSecrets.clientSecret) {
    return { status: 401, body: { errors: [{ status: "401", title: "Unauthorized" }] } };
  }
  const user = find(new URLSearchParams(body).get("token"), users);
  if (!user) return { status: 200, body: { active: false } };
  return {
    status: 200,
    body: {
      active: true,
      sub: `${userName(user)}-user`,
      username: `${userName(user)}@example.org`,
      scope: "urn:globus:auth:scope:groups.api.globus.org:all",
      client_id: clientId,
      exp: Math.floor(Date.now() / 1000) + 3600,
    },
  };
}

function groups({ headers }: StandInRequest, users: TestUser[]): StandInResponse {
  const user = find((headers.authorization ?? "").replace(/^Bearer /, ""), users);
  if (!user) return { status: 401, body: { code: "UNAUTHORIZED", detail: "Call must be authenticated" } };
  return {
    status: 200,
    body: user.groups.map((id) => ({ id, name: id, my_memberships: [{ status: "active" }] })),
  };
}

function find(token: string | null, users: TestUser[]): TestUser | undefined {
  return users.find((user) => user.token === token && !user.expired);
}
