import type { Model } from "../../../offline/model";
import { routesOf } from "../../../openapi";
import type { Endpoint } from "./edge-server";

/** The page at the root of plain localhost: every service with its routes; public ones without variables are links. */
export function indexPage({ stack, services }: Model, endpoints: Record<string, Endpoint>): string {
  const sections = services
    .filter(({ name }) => Object.hasOwn(endpoints, name))
    .map(({ name, definition }) => {
      const rows = routesOf(definition.document)
        .filter(({ method }) => method !== "OPTIONS")
        .map(({ method, path, access }) => {
          const target = `/${name}${path}`;
          const isLink = method === "GET" && access === "public" && !path.includes("{");
          const shown = isLink
            ? `<a href="${escapeHtml(target)}">${escapeHtml(target)}</a>`
            : escapeHtml(target);
          return `<tr><td>${escapeHtml(method)}<td>${shown}<td>${escapeHtml(access)}`;
        });
      return `<h2>${escapeHtml(name)}</h2><p>${escapeHtml(endpoints[name]?.domain ?? "")}<table>${rows.join("\n")}</table>`;
    });
  return `<!doctype html><title>${escapeHtml(stack)}</title><style>body{font:14px sans-serif}td{padding:2px 12px 2px 0}</style>
<h1>Stack ${escapeHtml(stack)}</h1>${sections.join("\n")}
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
