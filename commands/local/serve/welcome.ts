import { columns } from "../../../lib/table";
import { routesOf } from "../../../openapi";
import type { ServedStack } from ".";

/** What is served where, and what to type first. */
export async function welcome(stack: ServedStack, trustForwarded = false): Promise<string> {
  return [
    ...columns([["SERVICE", "URL", "PORT", "BACKEND", "ROUTES", "ACCESS"], ...rows(stack)]),
    "",
    `Also by /<service>/… on ${stack.url}, and by the domain name as Host header.`,
    `Tokens: ${stack.identityProvider.users.map(({ token }) => token).join(", ")}`,
    `${origin(stack)} ${trustForwarded ? "X-Forwarded-For overrides it." : "with --trust-forwarded, X-Forwarded-For decides."}`,
    "",
    ...(await curls(stack)),
  ].join("\n");
}

function origin({ sourceIp, model }: ServedStack): string {
  const allowed = model.resources.ofType("aws:wafv2/webAcl:WebAcl").length > 0;
  return `Callers seem to come from ${sourceIp}${allowed ? ", which the web ACL allows" : ""};`;
}

function rows({ model, backends, port, endpoints }: ServedStack): string[][] {
  return model.services.map(({ name, definition, stages }) => {
    const routes = routesOf(definition.document);
    const counts = new Map<string, number>();
    for (const { access, method } of routes) {
      if (method !== "OPTIONS" && method !== "ANY") counts.set(access, (counts.get(access) ?? 0) + 1);
    }
    const basePath = endpoints[name]?.basePath;
    return [
      name,
      `http://${name}.localhost:${port}${basePath ? `/${basePath}` : ""}`,
      stages[0]?.variables.VPCNLB?.split(":")[1] ?? "-",
      backends.byService.get(name)?.description ?? "-",
      String(routes.length),
      [...counts].map(([access, count]) => `${access} ${count}`).join(", "),
    ];
  });
}

/** An open route, one that needs a token, and one that nobody defined. */
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
  const closed = calls.find(({ access }) =>
    identityProvider.users.some(({ token }) => token === `${access}-token`),
  );
  const lines: string[] = [];
  if (open) lines.push(`curl ${url}/${open.service}${open.path}`);
  if (closed) {
    const token = await identityProvider.bearer(`${closed.access}-token`);
    const base = endpoints[closed.service]?.basePath;
    lines.push(
      `curl -H "Authorization: Bearer ${token}" http://${closed.service}.localhost:${port}${base ? `/${base}` : ""}${closed.path}`,
    );
  }
  if (open) lines.push(`curl -i -H "Host: ${endpoints[open.service]?.domain}" ${url}/no/such/path`);
  return lines;
}
