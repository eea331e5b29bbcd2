import type { Severity } from "../../lib/finding";
import type { Fact } from "../rest-api/rules";

/** What only compile finds (with a level) or does (with a reason). */
export interface CompileRule<Facts extends Fact[] = never[]> {
  /** Of a finding */
  level?: Severity;
  found: (...facts: Facts) => string;
  /** Of a change */
  why?: string | ((...facts: Facts) => string);
  /** The path is one of the settings, not of the document */
  inSettings?: true;
}

const NOT_IMPORTED = "API Gateway has no equivalent, or the stage decides it";
const key = { found: (name: string) => `"${name}" is left out.`, why: NOT_IMPORTED };
const section = (name: string) => `components/${name} is left out.`;

export const COMPILE_RULES = {
  // Changes: what the gateway adds
  access: {
    found: (name: string, access: string, _why: string) => `${name} ${access}.`,
    why: (_name: string, _access: string, why: string) => why,
  },
  integration: {
    found: (target: string) => `The integration calls ${target}.`,
    why: "The gateway's part, which a plain spec does not have",
  },
  "added-options": {
    found: (path: string) => `OPTIONS ${path} is added.`,
    why: "Preflights of browsers carry no login; the backend answers them",
  },
  "added-catch-all": {
    found: (path: string) => `ANY ${path} is added.`,
    why: "The 404 function answers undefined paths and methods",
  },
  "gateway-responses": {
    found: (types: string) => `The gateway responses ${types} are added.`,
    why: "Callers get JSON that says why they were refused",
  },
  // Changes: what is left out, or written elsewhere
  "openapi-version": {
    found: (version: string) => `OpenAPI ${version} is written as 3.0.1.`,
    why: "AWS imports OpenAPI 3.0, and exports 3.0.1",
  },
  "root-security": {
    found: () => "The security of the root is left out.",
    why: "The definition has it at each operation, as the access that was decided",
  },
  "root-key": key,
  "info-key": key,
  "path-key": key,
  "operation-key": key,
  "body-key": key,
  "response-key": key,
  "media-key": key,
  "component-section": {
    found: section,
    why: "Its parts are written where they are used; API Gateway keeps schemas only",
  },
  "no-models": { found: (what: string) => `${what} is left out.`, why: "The settings have `models: false`" },
  "security-scheme": {
    found: (name: string) => `The security scheme "${name}" is left out.`,
    why: "The gateway's authorizers replace it",
  },
  "parameter-type": {
    found: (name: string) => `The parameter "${name}" is declared as a string.`,
    why: "A parameter has one simple type",
  },
  "response-header": {
    found: (name: string) => `Only the name of the header "${name}" is kept.`,
    why: "Method responses have names of headers only",
  },
  "response-header-name": {
    found: (name: string) => `The header "${name}" is left out.`,
    why: "AWS refuses the name",
  },
  "one-of": {
    found: () => "oneOf is written as anyOf: a member's model accepts more than its schema.",
    why: "A value that fits several members of oneOf is refused, and the gateway must not refuse what the spec allows",
  },
  not: {
    found: () => "`not` is left out: the model below it accepts more than its schema.",
    why: "`not` refuses what the model accepts, and the gateway must not refuse what the spec allows",
  },
  "unchecked-media-type": {
    found: (type: string) => `The content type "${type}" of the request is left out.`,
    why: "Only JSON can be validated against a model",
  },
  // Findings
  "unsupported-method": {
    level: "warning",
    found: (name: string, why: string) => `${name} is left out: ${why}.`,
  },
  "aws-extension": {
    level: "warning",
    found: (name: string, extension: string) =>
      `${name} has ${extension}. A spec is plain; the gateway's part belongs in the settings. Remove it, or start from \`spec adopt\`.`,
  },
  "unknown-access-level": {
    level: "error",
    inSettings: true,
    found: (level: string, meant: string, known: string) =>
      `unknown access level ${level};${meant && ` did you mean ${meant}?`} Known levels: ${known}.`,
  },
  "settings-rule-unmatched": {
    level: "error",
    inSettings: true,
    found: (rule: string, meant: string) =>
      `No operation of the spec is "${rule}".${meant} Correct the rule or remove it.`,
  },
  "settings-refused": {
    level: "error",
    inSettings: true,
    found: (key: string, found: string) => `API Gateway would refuse the integration of ${key}: ${found}.`,
  },
  "backend-path-variable": {
    level: "error",
    inSettings: true,
    found: (path: string, variable: string, name: string, known: string) =>
      `The backend path "${path}" has the variable {${variable}}, which ${name} does not have. Its variables: ${known}.`,
  },
  "public-by-root": {
    level: "warning",
    found: () =>
      "The root `security` of the spec makes every operation without its own public. Add access rules if that is not intended.",
  },
  "optional-security": {
    level: "info",
    found: (owner: string) =>
      `${owner} makes the login optional. An authorizer of API Gateway cannot be optional, so the login is required unless an access rule says \`public\`.`,
  },
  "missing-security-scheme": {
    level: "warning",
    found: (name: string, fallback: string) =>
      `The security scheme "${name}" is not declared, and no access level has that name; the operation gets the default access, ${fallback}.`,
  },
  "unenforced-scopes": {
    level: "warning",
    found: (scopes: string, operations: string, level: string) =>
      `The scopes ${scopes} of ${operations} are not enforced, the access is ${level}; write an access rule.`,
  },
  "writes-like-reads": {
    level: "warning",
    found: (count: number, operations: string, level: string) =>
      `${count} ${count === 1 ? "write has" : "writes (POST, PUT, PATCH, DELETE) have"} the level of the reads: ${level}. No security scheme of the spec is mapped to a level; write access rules, or map a scheme (\`access.schemes\`). The writes: ${operations}.`,
  },
} satisfies Record<string, CompileRule>;

export type CompileRuleId = keyof typeof COMPILE_RULES;

export type CompileFacts<Id extends CompileRuleId> = Parameters<(typeof COMPILE_RULES)[Id]["found"]>;
