import type { AccessLevels } from "../../../lib/access-levels";
import type { PlannedRoute } from "../../../offline/plan";

export const levels: AccessLevels = {
  read: { groups: ["readers"], includes: ["create"] },
  create: { groups: ["creators"], includes: ["data-admin"] },
  "data-admin": { groups: ["admins"] },
};

export const route = (
  method: string,
  path: string,
  access: string,
  integration = "http_proxy http://x",
): PlannedRoute => ({ service: "uuid-api", method, path, access, integration });

/** The 404 catch-all, whatever its function is called. */
export const notFound = (path: string): PlannedRoute => ({
  ...route("ANY", path, "public", "aws_proxy lost-and-found"),
  kind: "catch-all",
});
