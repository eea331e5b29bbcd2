import { type Finding, FindingsError } from "../../lib/finding";
import { equal, isObject, type JsonObject, objectAt, prop } from "../../lib/json";
import { check } from "../check";
import { stageVariablesIn } from "../check/integrations";
import { compile } from "../compile";
import type { SpecDocument } from "../document";
import { loadValue } from "../load";
import { INTEGRATION, methodKey, type Operation, operationName, operationsOf } from "../operations";
import { type CompileSettings, compileSettingsSchema } from "../settings";
import { answersNotFound, type Draft, derive, keepWhole } from "./derive";
import { FIXES, fixDocument, fixOperation, parseFix } from "./fixes";
import { securityOf } from "./levels";
import { overlay } from "./normal";

export interface AdoptOptions {
  /** Suspected mistakes to fix: a rule id, or "RULE:GET /path" for one operation */
  fix?: readonly string[];
}

/** A finding with what `--fix` can do about it. */
export interface AdoptFinding extends Finding {
  fixable: boolean;
}

export interface Adoption {
  /** The plain spec: no AWS extension in it */
  spec: JsonObject;
  /** The compile settings that give the export's gateway back */
  settings: CompileSettings;
  /** Suspected mistakes that were kept: line, what it does today, what was probably meant */
  findings: AdoptFinding[];
  /** Those that were fixed */
  fixed: AdoptFinding[];
  /** What even the settings cannot keep: compile makes something else of it */
  differences: string[];
}

/** Rules about mistakes made by hand rather than about the import. */
const HAND_ERRORS: ReadonlySet<string> = new Set([
  ...Object.keys(FIXES),
  "missing-integration",
  "integration-type",
  "integration-method",
  "integration-uri",
  "stage-variable",
  "mapping-source",
  "mapping-format",
  "response-mapping",
  "timeout-range",
  "public-write",
  "weak-write",
  "missing-security-scheme",
  "authorizer-definition",
  "authorizer-scheme",
  "authorizer-uri",
  "missing-authorizer",
  "several-authorizers",
  "missing-validator",
  "cloudformation-function",
  "extension-name",
  "extension-key",
  "extension-value",
  "extension-member",
  "mapping-target",
  "integration-status",
  "template-content-type",
]);

/** What no export of a REST API has, so that nothing can be made of the rest. */
const NOT_ADOPTABLE: ReadonlySet<string> = new Set(["http-api", "path-start"]);

/**
 * Splits an export "OpenAPI 3 + API Gateway Extensions" into a plain spec and the settings with which compile makes
 * the same gateway of it, and lists suspected mistakes. The settings are verified by compiling: what the first guess
 * does not reproduce is kept verbatim.
 * @throws FindingsError for a document that is not the export of a REST API
 */
export function adopt(document: SpecDocument, options: AdoptOptions = {}): Adoption {
  const checked = check(document, { stageVariables: stageVariablesOf(document) });
  const refused = checked.filter(({ rule }) => NOT_ADOPTABLE.has(rule));
  if (refused.length > 0) throw new FindingsError(refused);
  const found = checked.filter(({ rule }) => HAND_ERRORS.has(rule));
  const requests = (options.fix ?? []).map(parseFix);
  const root = structuredClone(document.root);
  const copy = loadValue(root, document.file);
  const operations = operationsOf(copy);
  const isChosen = (finding: Finding) =>
    requests.some(
      ({ rule, operation }) => rule === finding.rule && (!operation || operation === finding.operation),
    );
  const chosen = found.filter((finding) => Object.hasOwn(FIXES, finding.rule) && isChosen(finding));
  applyFixes(root, operations, chosen);
  const rules = new Set(chosen.map(({ rule }) => rule));
  const { spec, settings } = derive(root, operations, rules);
  const differences = verify(root, spec, settings, operations);
  const report = ({ level, rule, where, message, operation }: Finding): AdoptFinding => {
    const fixable = Object.hasOwn(FIXES, rule);
    return { level, rule, where, message, ...(operation && { operation }), fixable };
  };
  return {
    spec,
    settings: compileSettingsSchema.parse(settings),
    findings: found.filter((finding) => !chosen.includes(finding)).map(report),
    fixed: chosen.map(report),
    differences,
  };
}

/** Another gateway has its own stage variables; only a name that is used once among others looks like a mistake. */
function stageVariablesOf(document: SpecDocument): string[] {
  const uses = new Map<string, number>();
  for (const { value } of operationsOf(document)) {
    for (const { name } of stageVariablesIn(prop(value, INTEGRATION)))
      uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const known = [...uses].filter(([, count]) => count > 1 || uses.size <= 2).map(([name]) => name);
  return ["VPCLINK", "VPCNLB", ...known];
}

function applyFixes(root: JsonObject, operations: readonly Operation[], chosen: readonly Finding[]): void {
  for (const operation of operations) {
    const name = operationName(operation);
    const found = chosen.filter((finding) => finding.operation === name);
    fixOperation(operation, new Set(found.map(({ rule }) => rule)));
  }
  fixDocument(root, new Set(chosen.map(({ rule }) => rule)));
}

/** Compiles the guess and keeps what differs from the export as overlays; returns what no overlay can keep. */
function verify(
  root: JsonObject,
  spec: JsonObject,
  settings: Draft,
  operations: readonly Operation[],
): string[] {
  const made = () => compile(loadValue(spec), settings, targetsOf(settings));
  let { definition } = made();
  const methodIn = (operation: Operation) =>
    prop(objectAt(objectAt(definition, "paths"), operation.template), methodKey(operation.method));
  for (const operation of operations) {
    const name = operationName(operation);
    const integration = prop(operation.value, INTEGRATION);
    const method = methodIn(operation);
    const compiled = prop(method, INTEGRATION);
    if (!isObject(method)) keepWhole(settings, root, operation);
    else if (isObject(integration) && isObject(compiled)) {
      const changes = overlay(compiled, integration);
      if (changes === undefined) continue;
      if (operation.method === "ANY" && answersTheSame(changes, operation.value)) continue;
      if (operation.method === "ANY") keepWhole(settings, root, operation);
      else settings.integrations = { ...settings.integrations, [name]: changes };
    }
  }
  removeExtraCatchAll(settings, root, definition, operations);
  ({ definition } = made());
  const lost = operations.flatMap((operation) => {
    const compiled = prop(methodIn(operation), INTEGRATION);
    const integration = prop(operation.value, INTEGRATION);
    const changes = isObject(integration) && isObject(compiled) ? overlay(compiled, integration) : undefined;
    const isSame = changes
      ? answersTheSame(changes, operation.value)
      : isObject(compiled) === isObject(integration);
    return isSame ? [] : [`${operationName(operation)}: the integration`];
  });
  return [...lost, ...lostSecurity(root, operations), ...lostModels(root, definition)];
}

/** Operations whose security scheme is not declared: compile gives them the default access. */
function lostSecurity(root: JsonObject, operations: readonly Operation[]): string[] {
  const schemes = objectAt(objectAt(root, "components"), "securitySchemes") ?? {};
  return operations.flatMap((operation) => {
    const names = securityOf(root, operation.value).flatMap((requirement) => Object.keys(requirement));
    const missing = names.filter((name) => !Object.hasOwn(schemes, name));
    const what = `the security scheme ${missing.join(", ")} is not declared, the access is the default`;
    return missing.length > 0 ? [`${operationName(operation)}: ${what}`] : [];
  });
}

/** Models that compile writes differently, with the keywords that are lost. */
function lostModels(root: JsonObject, definition: JsonObject): string[] {
  const models = objectAt(objectAt(definition, "components"), "schemas") ?? {};
  const schemas = objectAt(objectAt(root, "components"), "schemas") ?? {};
  return Object.entries(schemas).flatMap(([name, schema]) =>
    equal(prop(models, name), schema) ? [] : [`model ${name}: ${lostIn(schema, prop(models, name))}`],
  );
}

function lostIn(schema: unknown, model: unknown): string {
  if (model === undefined) return "it accepts any value, which AWS refuses as a model";
  const kept = keysIn(model);
  const lost = [...keysIn(schema)].filter((key) => !kept.has(key));
  return lost.length > 0 ? `without ${lost.join(", ")}` : "written differently";
}

function keysIn(value: unknown, keys = new Set<string>()): Set<string> {
  if (typeof value !== "object" || value === null) return keys;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) keys.add(key);
    keysIn(inner, keys);
  }
  return keys;
}

/** The 404 function always answers the same text, so content handling and caching make no difference. */
const SAME_ANSWER: ReadonlySet<string> = new Set(["contentHandling", "cacheNamespace", "cacheKeyParameters"]);

function answersTheSame(changes: JsonObject, method: JsonObject): boolean {
  return answersNotFound(method) && Object.keys(changes).every((key) => SAME_ANSWER.has(key));
}

/** Where the export has fewer catch-all methods than compile would add, they are kept as they are. */
function removeExtraCatchAll(
  settings: Draft,
  root: JsonObject,
  definition: JsonObject,
  operations: readonly Operation[],
): void {
  const present = new Set(operations.map(operationName));
  const extra = Object.entries(objectAt(definition, "paths") ?? {}).some(
    ([template, item]) => Object.hasOwn(item as object, methodKey("ANY")) && !present.has(`ANY ${template}`),
  );
  if (!extra || settings.catchAll === undefined) return;
  settings.catchAll = false;
  for (const operation of operations) {
    if (operation.method === "ANY") keepWhole(settings, root, operation);
  }
}

function targetsOf(settings: Draft) {
  const levels = new Set(Object.values(settings.access?.rules ?? {}));
  const kept = new Set(Object.values(settings.authorizers ?? {}).map(({ level }) => level));
  const missing = [...levels, "read"].filter((level) => level !== "public" && !kept.has(level));
  return {
    authorizers: Object.fromEntries(missing.map((level) => [level, { uri: "", ttlSeconds: 0 }])),
    ...(typeof settings.catchAll !== "object" && { notFound: { uri: "" } }),
  };
}
