import { isObject, type JsonObject, own, ownObject, type Path } from "../../lib/json";
import { type Operation, operationName } from "../operations";
import type { Context } from "./context";
import { OperationRules } from "./rules";

export interface AuthorizerTarget {
  /** The Lambda invoke ARN */
  uri: string;
  /** Seconds that API Gateway keeps an answer of the authorizer; 0 turns the cache off */
  ttlSeconds: number;
}

export const DEFAULT_ACCESS = "read";
export const PUBLIC = "public";

/** Decides who may call each operation: a rule of the settings, else the spec's own security, else the default. */
export class Access {
  readonly #rules: OperationRules<string>;
  readonly #default: string;
  readonly #rootSecurity: unknown;
  readonly #used = new Set<string>();
  readonly #unknown = new Set<string>();
  readonly #remarks = new Set<string>();

  constructor(
    private readonly context: Context,
    private readonly authorizers: Readonly<Record<string, AuthorizerTarget>>,
  ) {
    const { access } = context.settings;
    this.#rules = new OperationRules(["access", "rules"], access?.rules);
    this.#default = access?.default ?? DEFAULT_ACCESS;
    this.#rootSecurity = own(context.document.root, "security");
  }

  /** The `security` of a method; undefined when it is public. */
  securityOf(operation: Operation): JsonObject[] | undefined {
    const { security, why } = this.#decide(operation);
    const names = security?.flatMap((requirement) => Object.keys(requirement)) ?? [];
    const what = `${operationName(operation)} ${names.length > 0 ? `needs ${names.join(" or ")}` : "is public"}`;
    this.context.change("access", operation.path, what, why);
    return security;
  }

  #decide(operation: Operation): { security: JsonObject[] | undefined; why: string } {
    const rule = this.#rules.find(operation.method, operation.template);
    if (rule) {
      const security = this.#requirement(rule.value, ["access", "rules", rule.key]);
      return { security, why: `The access rule of the settings: "${rule.key}"` };
    }
    const fromSpec = this.#fromSpec(operation);
    if (fromSpec !== undefined) {
      return { security: fromSpec.length === 0 ? undefined : fromSpec, why: "The spec's own security" };
    }
    const security = this.#requirement(this.#default, ["access", "default"]);
    return { security, why: `The default access: ${this.#default}` };
  }

  /** The access of the whole API's methods that the spec does not hold. */
  reportUnused(operations: readonly { method: string; template: string }[]): void {
    this.#rules.reportUnused(this.context, operations);
  }

  /** The security schemes that the methods use, and those that an adopted gateway had besides. */
  schemes(): JsonObject {
    const schemes: JsonObject = {};
    for (const [level, { uri, ttlSeconds }] of Object.entries(this.authorizers)) {
      if (!this.#used.has(`${level}-authorizer`)) continue;
      schemes[`${level}-authorizer`] = {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
          type: "token",
          authorizerUri: uri,
          authorizerResultTtlInSeconds: ttlSeconds,
        },
      };
    }
    for (const [name, { level, definition }] of Object.entries(this.context.settings.authorizers ?? {})) {
      if (level === undefined || !Object.hasOwn(this.authorizers, level)) schemes[name] = definition;
    }
    return schemes;
  }

  #requirement(level: string, place: Path): JsonObject[] | undefined {
    if (level === PUBLIC) return undefined;
    const name = this.#authorizerOf(level);
    if (name === undefined) {
      if (!this.#unknown.has(level)) {
        const known = [PUBLIC, ...Object.keys(this.authorizers)].join(", ");
        const message = `There is no access level "${level}". Known are: ${known}.`;
        this.context.settingFinding("error", "unknown-access-level", place, message);
      }
      this.#unknown.add(level);
      // Refused as a whole; until then the operation stays closed.
      return [{ [`${level}-authorizer`]: [] }];
    }
    this.#used.add(name);
    return [{ [name]: [] }];
  }

  /** The authorizer of a level: the program's own, else the one that an adopted gateway had for it. */
  #authorizerOf(level: string): string | undefined {
    if (Object.hasOwn(this.authorizers, level)) return `${level}-authorizer`;
    const kept = Object.entries(this.context.settings.authorizers ?? {});
    return kept.find(([name, authorizer]) => authorizer.level === level || name === level)?.[0];
  }

  /**
   * What the spec's own `security` says: [] for public, a requirement, or undefined when it says nothing that this
   * gateway can act on. An optional login (`{}` beside a scheme) does not make an operation public: API Gateway's
   * authorizers know no "maybe", and the safe reading of the two is the closed one.
   */
  #fromSpec(operation: Operation): JsonObject[] | undefined {
    const direct = Object.hasOwn(operation.value, "security");
    const security = direct ? operation.value.security : this.#rootSecurity;
    if (!Array.isArray(security)) return undefined;
    const path: Path = direct ? [...operation.path, "security"] : ["security"];
    const requirements = security.filter(isObject);
    const named = requirements.filter((requirement) => Object.keys(requirement).length > 0);
    if (named.length === 0) {
      if (!direct)
        this.#remark(
          "public-by-root",
          path,
          "warning",
          "The spec's root `security` makes every operation without its own public. Write access rules if that is not meant.",
        );
      return [];
    }
    if (named.length < requirements.length) {
      const subject = direct ? operationName(operation) : "The spec's root `security`";
      this.#remark(
        "optional-security",
        path,
        "info",
        `${subject} makes the login optional. API Gateway's authorizers can't; the operation needs it unless an access rule says \`public\`.`,
      );
    }
    const kept = named.filter((requirement) => this.#isKept(requirement));
    if (kept.length === named.length) return kept;
    const level = this.#levelOf(named);
    if (level === undefined) this.#remarkUndeclared(named, path);
    return level === undefined ? undefined : (this.#requirement(level, ["access", "schemes"]) ?? []);
  }

  #isKept(requirement: JsonObject): boolean {
    const kept = this.context.settings.authorizers ?? {};
    return Object.keys(requirement).every(
      (name) => Object.hasOwn(kept, name) && kept[name]?.level === undefined,
    );
  }

  /** A scheme names a level by the settings' `schemes`, or by being called like one. */
  #levelOf(requirements: readonly JsonObject[]): string | undefined {
    const schemes = this.context.settings.access?.schemes ?? {};
    for (const name of requirements.flatMap((requirement) => Object.keys(requirement))) {
      if (Object.hasOwn(schemes, name)) return schemes[name];
      const level = name.replace(/-authorizer$/, "");
      if (Object.hasOwn(this.authorizers, level)) return level;
    }
    return undefined;
  }

  /** AWS would refuse the name; here the default closes the operation, which may not be what the spec meant. */
  #remarkUndeclared(requirements: readonly JsonObject[], path: Path): void {
    const declared = ownObject(ownObject(this.context.document.root, "components"), "securitySchemes") ?? {};
    for (const name of requirements.flatMap((requirement) => Object.keys(requirement))) {
      if (Object.hasOwn(declared, name)) continue;
      const message = `The security scheme "${name}" is not declared, and no access level is called so; the operation gets the default access, ${this.#default}.`;
      this.#remark("missing-security-scheme", path, "warning", message);
    }
  }

  #remark(rule: string, path: Path, level: "info" | "warning", message: string): void {
    const id = `${rule} ${path.join("/")}`;
    if (this.#remarks.has(id)) return;
    this.#remarks.add(id);
    this.context.finding(level, rule, path, message);
  }
}
