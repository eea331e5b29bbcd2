import { costLine } from "../cost/text";
import type { RouteChange } from "./access";
import type { Comparison } from "./compare";
import type { Effect } from "./consequences";
import type { ResourceChange } from "./resources";
import { markdown, type Style, terminal } from "./style";
import type { Failure } from "./verdict";

/** A comparison for a pull request's comment: weakened access first and in bold, details folded. */
export function markdownOf(comparison: Comparison, failures: Failure[]): string {
  return report(comparison, failures, markdown);
}

/** The same for a terminal. */
export function textOf(comparison: Comparison, failures: Failure[]): string {
  return report(comparison, failures, terminal);
}

function report(comparison: Comparison, failures: Failure[], style: Style): string {
  const { stack, unknown, cost, costBefore } = comparison;
  const nothing = `Nothing to compare with: ${style.plain(unknown ?? "")}. This is the plan of this commit only.`;
  const parts = [
    style.heading(`${stack}: ${headline(comparison)}`),
    ...failures.map(({ gate, reason }) => `❌ ${style.bold(gate)}: ${reason}.`),
    ...(unknown ? [nothing] : []),
    ...weakenings(comparison, style),
    ...pins(comparison, style),
    ...routes(comparison, style),
    ...callers(comparison, style),
    ...consequences(comparison, style),
    ...resources(comparison, style),
    ...findings(comparison, style),
    ...quotas(comparison, style),
    costLine(cost, style, costBefore),
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

const nameOf = ({ service, method, path }: RouteChange) => `${service} ${method} ${path}`;

function weakenings(comparison: Comparison, { bold, bullet, code, plain }: Style): string[] {
  const { routes, callers, widened, narrowed, addresses, identity } = comparison;
  const weakened = (text: string) => bullet(bold(`Weakened access: ${text}`));
  const codes = (texts: string[]) => texts.map(code).join(", ");
  const isNewAndPublic = ({ kind, after, method, catchAll }: RouteChange) =>
    kind === "added" && after === "public" && method !== "OPTIONS" && !catchAll;
  const lines = [
    ...routes
      .filter(({ kind }) => kind === "weakened")
      .map((route) => weakened(`${code(nameOf(route))} ${plain(`${route.before} → ${route.after}`)}`)),
    ...routes.filter(isNewAndPublic).map((route) => bullet(bold(`New and public: ${code(nameOf(route))}`))),
    ...callers
      .filter((change) => change.weakened)
      .map(({ service, where, message }) => weakened(`${code(`${service} ${where}`)} ${plain(message)}`)),
    ...widened.map(({ level, admitted }) => weakened(`more groups hold ${code(level)}: ${codes(admitted)}`)),
    ...narrowed.map(({ level, admitted }) =>
      bullet(`Fewer groups hold ${code(level)}: no longer ${codes(admitted)}`),
    ),
    addresses.open && weakened("the web ACL is removed, everyone may call"),
    addresses.added.length > 0 && weakened(`the web ACL allows more addresses: ${codes(addresses.added)}`),
    identity && weakened(`the identity provider changes (${code("gateway:identity")})`),
    addresses.removed.length > 0 &&
      !addresses.open &&
      bullet(`The web ACL no longer allows ${codes(addresses.removed)}`),
  ].filter((line) => line !== false);
  return lines.length > 0 ? [lines.join("\n")] : [];
}

function pins({ pins }: Comparison, { bold, code, plain }: Style): string[] {
  return pins.map(({ service, before, after }) => {
    const earlier = before ? ` (before: ${code(before)})` : "";
    return after === undefined
      ? `${bold(`${plain(service)} is no longer rolled back`)}: it serves its own definition, not the pinned deployment ${code(before ?? "")}.`
      : `${bold(`${plain(service)} is rolled back`)}: it serves deployment ${code(after)}, not its own definition${earlier}.`;
  });
}

const KIND = {
  added: "added",
  removed: "removed",
  weakened: "weakened",
  tightened: "tightened",
  moved: "other integration",
};

function routes({ routes }: Comparison, { bold, code, plain, section }: Style): string[] {
  if (routes.length === 0) return [];
  const rows = routes.map((change) => {
    const { kind, before, after } = change;
    const emphasized = kind === "weakened" ? bold : (text: string) => text;
    const what =
      before !== undefined && after !== undefined ? `${before} → ${after}` : (after ?? before ?? "");
    return [
      code(nameOf(change)),
      emphasized(KIND[kind]),
      emphasized(kind === "moved" ? code(what) : plain(what)),
    ];
  });
  return [section(count(routes.length, "route change"), ["route", "", "access"], rows)];
}

function callers({ callers }: Comparison, { bold, code, plain, section }: Style): string[] {
  if (callers.length === 0) return [];
  const rows = callers.map(({ service, where, breaking, message }) => [
    code(`${service} ${where}`.trim()),
    breaking ? bold("breaking") : "",
    plain(message),
  ]);
  const breaking = callers.filter((change) => change.breaking).length;
  const title = `${count(callers.length, "change")} for callers${breaking > 0 ? `, ${breaking} breaking` : ""}`;
  return [section(title, ["operation", "", "what"], rows)];
}

/** What callers notice while the change is made, the worst first. */
function consequences({ consequences }: Comparison, { bold, bullet, code }: Style): string[] {
  const order: Effect[] = ["refused", "outage", "cut", "gone", "drained"];
  const lines = [...consequences]
    .sort((a, b) => order.indexOf(a.effect) - order.indexOf(b.effect))
    .map(({ effect, minutes, why, steps, for: names }) => {
      const time = minutes ? ` of about ${minutes.join(" to ")} minutes` : "";
      const what = `${EFFECTS[effect]}${time} for ${names.map(code).join(", ")}`;
      const emphasized = effect === "drained" ? what : bold(what);
      return bullet(`${emphasized}: ${why}.${steps ? ` In two steps instead: ${steps}.` : ""}`);
    });
  return lines.length > 0 ? [lines.join("\n")] : [];
}

const EFFECTS: Record<Effect, string> = {
  refused: "Refused",
  outage: "Outage",
  cut: "Some failing requests",
  gone: "Removed",
  drained: "No failing requests, connections drain",
};

function resources({ resources, consequences }: Comparison, { code, section }: Style): string[] {
  if (resources.length === 0) return [];
  const sorted = [...resources].sort((a, b) => ORDER.indexOf(b.kind) - ORDER.indexOf(a.kind));
  const rows = sorted.map((change) => [
    DONE[change.kind],
    code(shortType(change)),
    code(change.name),
    change.properties.map(code).join(", "),
    consequences.find(({ causes }) => causes.includes(change.urn))?.effect ?? "nothing",
  ]);
  const title = `${count(resources.length, "resource change")} (estimated from both programs)`;
  return [section(title, ["", "type", "name", "reason", "callers"], rows)];
}

const shortType = ({ type }: ResourceChange) => type.replace(/\/[^:]+:/, ":");

function findings({ findings, unknown }: Comparison, { bold, code, plain, section }: Style): string[] {
  const isShown = ({ isNew, level }: Comparison["findings"][number]) =>
    isNew || level === "error" || unknown !== undefined;
  const shown = findings.filter(isShown);
  const others = findings.filter((finding) => !isShown(finding));
  const rules = new Map<string, number>();
  for (const { rule } of others) rules.set(rule, (rules.get(rule) ?? 0) + 1);
  const names = [...rules].map(([rule, times]) => (times > 1 ? `${code(rule)} (${times})` : code(rule)));
  const rest = `${shown.length > 0 ? "Besides, " : ""}${count(others.length, "finding")} as before: ${names.join(", ")}.`;
  const rows = shown.map(({ level, rule, where, message, isNew }) => [
    level === "error" ? bold("error") : level,
    `${code(rule)}${isNew ? " (new)" : ""}`,
    code(where),
    plain(message),
  ]);
  return [
    ...(rows.length > 0 ? [section(count(rows.length, "finding"), ["", "rule", "where", "what"], rows)] : []),
    ...(others.length > 0 ? [rest] : []),
  ];
}

/** Quotas that changed or are nearly full, the fullest first. */
function quotas({ quotas }: Comparison, { bold, plain, section }: Style): string[] {
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
      used > limit ? bold("exceeded") : `${Math.round((used / limit) * 100)} %`,
    ]);
  return [section("Quotas that change or are nearly full", ["quota", "used", "of", ""], rows)];
}
