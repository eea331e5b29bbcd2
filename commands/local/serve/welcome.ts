import { columns, table } from "../../../lib/table";
import { routesOf } from "../../../openapi";
import { TOKEN_DAYS } from "../identity/jwt";
import type { ServedStack } from ".";
import { basePathOf } from "./edge-server";

/** The served APIs with their addresses, and the first requests to try. */
export async function welcome(stack: ServedStack, trustForwarded = false): Promise<string> {
  const { url, sourceIp, model } = stack;
  const hasWebAcl = model.resources.ofType("aws:wafv2/webAcl:WebAcl").length > 0;
  return [
    table(["SERVICE", "URL", "PORT", "BACKEND", "ROUTES", "ACCESS"], rows(stack)),
    "",
    `Each service is also at ${url}/<service>/…, and at its domain name given as Host header.`,
    ...(await tokens(stack)),
    `The source address of every request is ${sourceIp}${hasWebAcl ? ", which the web ACL allows" : ""};`,
    trustForwarded ? "X-Forwarded-For overrides it." : "with --trust-forwarded, X-Forwarded-For sets it.",
    ...withoutCors(stack),
    `All routes: ${url}/. Restart after a change of specs or settings. Each request is logged here.`,
    "",
    ...(await curls(stack)),
  ].join("\n");
}

/** Says that scripts of other origins cannot read API Gateway's own errors, of the services where that is so. */
function withoutCors({ model }: ServedStack): string[] {
  const names = model.services
    .filter(({ definition }) => {
      const responses = JSON.stringify(definition.document["x-amazon-apigateway-gateway-responses"] ?? {});
      return !/access-control-allow-origin/i.test(responses);
    })
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `Pages of other origins cannot read the 401 and 403 responses of ${names.join(", ")}, as in AWS. Set gateway:cors to allow them.`,
  ];
}

async function tokens({ identityProvider: { users, signsTokens, bearer } }: ServedStack): Promise<string[]> {
  if (users.length === 0) return ["Tokens: those of the stack's identity provider"];
  if (!signsTokens) return [`Tokens: ${users.map(({ token }) => token).join(", ")}`];
  const signed = await Promise.all(users.map(async ({ token }) => ["", token, await bearer(token)]));
  return [`Tokens, signed by a local key and valid for ${TOKEN_DAYS} days:`, ...columns(signed)];
}

function rows({ model, backends, port, endpoints }: ServedStack): string[][] {
  return model.services.map(({ name, definition, stages }) => {
    const routes = routesOf(definition.document);
    const counts = new Map<string, number>();
    for (const { access, method } of routes) {
      if (method !== "OPTIONS" && method !== "ANY") counts.set(access, (counts.get(access) ?? 0) + 1);
    }
    return [
      name,
      `http://${name}.localhost:${port}${basePathOf(endpoints[name] ?? { basePath: "" })}`,
      stages[0]?.variables.VPCNLB?.split(":")[1] ?? "-",
      backends.byService.get(name)?.description ?? "-",
      String(routes.length),
      [...counts].map(([access, count]) => `${access} ${count}`).join(", "),
    ];
  });
}

/** A public route, one that needs a token, and one that does not exist. */
async function curls({ url, port, model, identityProvider, endpoints }: ServedStack): Promise<string[]> {
  const routes = model.services.flatMap(({ name, definition }) =>
    routesOf(definition.document).map((route) => ({
      ...route,
      service: name,
      path: route.path.replace(/\{[^}]+\}/g, "1"),
    })),
  );
  const calls = routes.filter(
    ({ method, integration }) => method === "GET" && integration.startsWith("http"),
  );
  const open = calls.find(({ access }) => access === "public");
  const guarded = calls.find(({ access }) =>
    identityProvider.users.some(({ token }) => token === `${access}-token`),
  );
  const lines: string[] = [];
  if (open) lines.push(`curl ${url}/${open.service}${open.path}`);
  if (guarded) {
    const token = await identityProvider.bearer(`${guarded.access}-token`);
    const basePath = basePathOf(endpoints[guarded.service] ?? { basePath: "" });
    lines.push(
      `curl -H "Authorization: Bearer ${token}" http://${guarded.service}.localhost:${port}${basePath}${guarded.path}`,
    );
  }
  if (open) lines.push(`curl -i -H "Host: ${endpoints[open.service]?.domain}" ${url}/no/such/path`);
  return lines;
}
