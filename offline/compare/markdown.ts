import { markdownTable } from "../../lib/table";
import { costLine } from "../cost/text";
import type { RouteChange } from "./access";
import type { Comparison } from "./compare";
import type { ResourceChange } from "./resources";
import type { Failure } from "./verdict";

/** A comparison for a pull request's comment: weakened access first and in bold, details folded. */
export function markdownOf(comparison: Comparison, failures: Failure[]): string {
  const parts = [
    `### ${comparison.stack}: ${headline(comparison)}`,
    ...failures.map(({ gate, reason }) => `❌ **${gate}**: ${reason}.`),
    ...(comparison.unknown
      ? [`Nothing to compare with: ${plain(comparison.unknown)}. This is the plan of this commit only.`]
      : []),
    ...weakenings(comparison),
    ...pins(comparison),
    ...routes(comparison),
    ...callers(comparison),
    ...resources(comparison),
    ...findings(comparison),
    ...quotas(comparison),
    costLine(comparison.cost, comparison.costBefore),
  ];
  return `${parts.join("\n\n")}\n`;
}

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
const ORDER = ["create", "update", "replace", "delete"] as const;
const DONE = { create: "created", update: "updated", replace: "replaced", delete: "deleted" };

function headline({ resources, routes, unknown, size }: Comparison): string {
  if (unknown !== undefined) return `${count(size.resources, "resource")}, ${count(size.routes, "route")}`;
  const kinds = ORDER.map(
    (kind) => [kind, resources.filter((change) => change.kind === kind).length] as const,
  );
  const counts = kinds.filter(([, n]) => n > 0).map(([kind, n]) => `${n} ${DONE[kind]}`);
  if (counts.length === 0 && routes.length === 0) return "nothing changes";
  return [
    counts.join(", ") || "no resource changes",
    ...(routes.length > 0 ? [count(routes.length, "route change")] : []),
  ].join("; ");
}

/** Escapes the markup in texts from specs and settings. */
function plain(text: string): string {
  return oneLine(text)
    .replaceAll("&", "&amp;")
    .replace(/([\\`*_~$[\]<>#])/g, "\\$1");
}
const code = (text: string) => (text === "" ? "" : `\`${oneLine(text).replaceAll("`", "'")}\``);
/** Without line breaks, so that no text starts a line. */
const oneLine = (text: string) => text.replace(/[\r\n\u2028\u2029]+/g, " ");
const nameOf = ({ service, method, path }: RouteChange) => `${service} ${method} ${path}`;

function weakenings({ routes, callers, widened, narrowed, addresses, identity }: Comparison): string[] {
  const weakened = (text: string) => `- **Weakened access: ${text}**`;
  const codes = (texts: string[]) => texts.map(code).join(", ");
  const isNewAndPublic = ({ kind, after, method, catchAll }: RouteChange) =>
    kind === "added" && after === "public" && method !== "OPTIONS" && !catchAll;
  const lines = [
    ...routes
      .filter(({ kind }) => kind === "weakened")
      .map((route) => weakened(`${code(nameOf(route))} ${plain(`${route.before} → ${route.after}`)}`)),
    ...routes.filter(isNewAndPublic).map((route) => `- **New and public: ${code(nameOf(route))}**`),
    ...callers
      .filter((change) => change.weakened)
      .map(({ service, where, message }) => weakened(`${code(`${service} ${where}`)} ${plain(message)}`)),
    ...widened.map(({ level, admitted }) => weakened(`more groups hold ${code(level)}: ${codes(admitted)}`)),
    ...narrowed.map(
      ({ level, admitted }) => `- Fewer groups hold ${code(level)}: no longer ${codes(admitted)}`,
    ),
    addresses.open && weakened("the web ACL is removed, everyone may call"),
    addresses.added.length > 0 && weakened(`the web ACL allows more addresses: ${codes(addresses.added)}`),
    identity && weakened("the identity provider changes (`gateway:identity`)"),
    addresses.removed.length > 0 &&
      !addresses.open &&
      `- The web ACL no longer allows ${codes(addresses.removed)}`,
  ].filter((line) => line !== false);
  return lines.length > 0 ? [lines.join("\n")] : [];
}

function pins({ pins }: Comparison): string[] {
  return pins.map(({ service, before, after }) =>
    after === undefined
      ? `**${plain(service)} is no longer rolled back**: it serves its own definition, not the pinned deployment ${code(before ?? "")}.`
      : `**${plain(service)} is rolled back**: it serves deployment ${code(after)}, not its own definition${before ? ` (before: ${code(before)})` : ""}.`,
  );
}

const KIND = {
  added: "added",
  removed: "removed",
  weakened: "**weakened**",
  tightened: "tightened",
  moved: "other integration",
};

function routes({ routes }: Comparison): string[] {
  if (routes.length === 0) return [];
  const rows = routes.map((change) => {
    const { kind, before, after } = change;
    const bold = kind === "weakened" ? "**" : "";
    const what =
      before !== undefined && after !== undefined ? `${before} → ${after}` : (after ?? before ?? "");
    return [code(nameOf(change)), KIND[kind], `${bold}${kind === "moved" ? code(what) : plain(what)}${bold}`];
  });
  return [fold(count(routes.length, "route change"), markdownTable(["route", "", "access"], rows))];
}

function callers({ callers }: Comparison): string[] {
  if (callers.length === 0) return [];
  const rows = callers.map(({ service, where, breaking, message }) => [
    code(`${service} ${where}`.trim()),
    breaking ? "**breaking**" : "",
    plain(message),
  ]);
  const breaking = callers.filter((change) => change.breaking).length;
  const title = `${count(callers.length, "change")} for callers${breaking > 0 ? `, ${breaking} breaking` : ""}`;
  return [fold(title, markdownTable(["operation", "", "what"], rows))];
}

function resources({ resources }: Comparison): string[] {
  if (resources.length === 0) return [];
  const sorted = [...resources].sort((a, b) => ORDER.indexOf(b.kind) - ORDER.indexOf(a.kind));
  const rows = sorted.map((change) => [
    DONE[change.kind],
    code(shortType(change)),
    code(change.name),
    reason(change),
  ]);
  const table = markdownTable(["", "type", "name", "reason"], rows);
  return [fold(`${count(resources.length, "resource change")} (estimated from both programs)`, table)];
}

const shortType = ({ type }: ResourceChange) => type.replace(/\/[^:]+:/, ":");
const reason = ({ properties }: ResourceChange) => properties.map(code).join(", ");

function findings({ findings, unknown }: Comparison): string[] {
  if (findings.length === 0) return [];
  const shown = findings.filter(({ isNew, level }) => isNew || level === "error" || unknown !== undefined);
  const old = findings.length - shown.length;
  const rest = old > 0 ? `${shown.length > 0 ? "Besides, " : ""}${count(old, "finding")} as before.` : "";
  if (shown.length === 0) return [rest];
  const rows = shown.map(({ level, rule, where, message, isNew }) => [
    level === "error" ? "**error**" : level,
    `${code(rule)}${isNew ? " (new)" : ""}`,
    code(where),
    plain(message),
  ]);
  const title = `${count(shown.length, "finding")}`;
  return [`${fold(title, markdownTable(["", "rule", "where", "what"], rows))}${rest ? `\n\n${rest}` : ""}`];
}

/** Quotas that changed or are nearly full, the fullest first. */
function quotas({ quotas }: Comparison): string[] {
  const shown = quotas.filter(
    ({ used, limit, before }) => used / limit >= 0.8 || (before !== undefined && before !== used),
  );
  if (shown.length === 0) return [];
  const rows = shown
    .sort((a, b) => b.used / b.limit - a.used / a.limit)
    .map(({ name, used, limit, before }) => [
      plain(name),
      before !== undefined && before !== used ? `${before} → ${used}` : String(used),
      String(limit),
      used > limit ? "**exceeded**" : `${Math.round((used / limit) * 100)} %`,
    ]);
  return [fold("Quotas that change or are nearly full", markdownTable(["quota", "used", "of", ""], rows))];
}

function fold(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}
