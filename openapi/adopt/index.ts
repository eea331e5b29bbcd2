import type { Finding } from "../../lib/finding";
import { isObject, type JsonObject, own, ownObject } from "../../lib/json";
import { check } from "../check";
import { answersNotFound } from "../check/access";
import { compile } from "../compile";
import type { SpecDocument } from "../document";
import { loadValue } from "../load";
import { INTEGRATION, methodKey, type Operation, operationName, operationsOf } from "../operations";
import { type CompileSettings, compileSettingsSchema } from "../settings";
import { type Draft, derive, keepWhole } from "./derive";
import { FIXES, fixDocument, fixOperation, parseFix } from "./fixes";
import { overlay } from "./normal";

export interface AdoptOptions {
  /** Hand errors to mend: a rule id, or "RULE:GET /path" for one operation */
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
  /** Suspected hand errors that are still in: line, what it does today, what was probably meant */
  findings: AdoptFinding[];
  /** Those that `fix` mended */
  fixed: AdoptFinding[];
  /** What even the settings can't keep; compile would make it otherwise */
  differences: string[];
}

/** Rules that speak of a slip of the hand rather than of the import. */
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
]);

/**
 * Takes an export "OpenAPI 3 + API Gateway Extensions" apart: a plain spec, the settings with which compile gives the
 * same gateway again, and the hand errors that it holds. The settings are verified by compiling: what the guess does
 * not give back is kept verbatim.
 */
export function adopt(document: SpecDocument, options: AdoptOptions = {}): Adoption {
  const found = check(document, { stageVariables: stageVariablesOf(document) }).filter(({ rule }) =>
    HAND_ERRORS.has(rule),
  );
  const requests = (options.fix ?? []).map(parseFix);
  const root = structuredClone(document.root);
  const copy = loadValue(root, document.file);
  const operations = operationsOf(copy);
  const isChosen = (finding: Finding) =>
    requests.some(
      ({ rule, operation }) =>
        rule === finding.rule && (!operation || finding.message.startsWith(`${operation} `)),
    );
  const chosen = found.filter((finding) => Object.hasOwn(FIXES, finding.rule) && isChosen(finding));
  applyFixes(root, operations, chosen);
  const rules = new Set(chosen.map(({ rule }) => rule));
  const { spec, settings } = derive(root, operations, rules);
  const differences = verify(root, spec, settings, operations);
  const report = ({ level, rule, where, message }: Finding): AdoptFinding => {
    return { level, rule, where, message, fixable: Object.hasOwn(FIXES, rule) };
  };
  return {
    spec,
    settings: compileSettingsSchema.parse(settings),
    findings: found.filter((finding) => !chosen.includes(finding)).map(report),
    fixed: chosen.map(report),
    differences,
  };
}

/** A foreign gateway's stage variables are its own; only a name that is used once among others looks like a slip. */
function stageVariablesOf(document: SpecDocument): string[] {
  const uses = new Map<string, number>();
  for (const { value } of operationsOf(document)) {
    const integration = own(value, INTEGRATION);
    for (const key of ["uri", "connectionId", "credentials"]) {
      for (const [, name = ""] of String(own(integration, key) ?? "").matchAll(
        /\$\{stageVariables\.([^}]*)\}/g,
      )) {
        uses.set(name, (uses.get(name) ?? 0) + 1);
      }
    }
  }
  const known = [...uses].filter(([, count]) => count > 1 || uses.size <= 2).map(([name]) => name);
  return ["VPCLINK", "VPCNLB", ...known];
}

function applyFixes(root: JsonObject, operations: readonly Operation[], chosen: readonly Finding[]): void {
  for (const operation of operations) {
    const name = `${operationName(operation)} `;
    const rules = new Set(chosen.filter(({ message }) => message.startsWith(name)).map(({ rule }) => rule));
    fixOperation(operation, rules);
  }
  fixDocument(root, new Set(chosen.map(({ rule }) => rule)));
}

/** Compiles the guess and lays what differs from the export over it; returns what can't be laid over. */
function verify(
  root: JsonObject,
  spec: JsonObject,
  settings: Draft,
  operations: readonly Operation[],
): string[] {
  const made = () => compile(loadValue(spec), settings, targetsOf(settings));
  let { definition } = made();
  const methodIn = (operation: Operation) =>
    own(ownObject(ownObject(definition, "paths"), operation.template), methodKey(operation.method));
  for (const operation of operations) {
    const name = operationName(operation);
    const integration = own(operation.value, INTEGRATION);
    const method = methodIn(operation);
    const compiled = own(method, INTEGRATION);
    if (!isObject(method)) keepWhole(settings, root, operation);
    else if (isObject(integration) && isObject(compiled)) {
      const laid = overlay(compiled, integration);
      if (laid === undefined) continue;
      if (operation.method === "ANY" && answersTheSame(laid, operation.value)) continue;
      if (operation.method === "ANY") keepWhole(settings, root, operation);
      else settings.integrations = { ...settings.integrations, [name]: laid };
    }
  }
  removeExtraCatchAll(settings, root, definition, operations);
  ({ definition } = made());
  return operations.flatMap((operation) => {
    const compiled = own(methodIn(operation), INTEGRATION);
    const integration = own(operation.value, INTEGRATION);
    const laid = isObject(integration) && isObject(compiled) ? overlay(compiled, integration) : undefined;
    const same = laid ? answersTheSame(laid, operation.value) : isObject(compiled) === isObject(integration);
    return same ? [] : [`${operationName(operation)}: the integration`];
  });
}

/** What the 404 function answers is one text in any case: neither its handling nor a cache of it makes a difference. */
const SAME_ANSWER: ReadonlySet<string> = new Set(["contentHandling", "cacheNamespace", "cacheKeyParameters"]);

function answersTheSame(laid: JsonObject, method: JsonObject): boolean {
  return answersNotFound(method) && Object.keys(laid).every((key) => SAME_ANSWER.has(key));
}

/** Where the export answers fewer undefined paths than compile would, the ones it has are kept as they are. */
function removeExtraCatchAll(
  settings: Draft,
  root: JsonObject,
  definition: JsonObject,
  operations: readonly Operation[],
): void {
  const there = new Set(operations.map(operationName));
  const extra = Object.entries(ownObject(definition, "paths") ?? {}).some(
    ([template, item]) => Object.hasOwn(item as object, methodKey("ANY")) && !there.has(`ANY ${template}`),
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
