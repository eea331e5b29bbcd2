import { isObject, type JsonObject, objectAt, type Path } from "../../lib/json";
import { nearest } from "../../lib/nearest";
import { type Operation, operationName } from "../operations";
import type { Recorder } from "../recorder";
import { securityNames } from "../routes";
import { listed, requirementsOf, ScopeGroups, scopesOf, WRITES } from "../scopes";
import type { CompileSettings } from "../settings";
import { OperationSettings } from "./operation-settings";
import type { CompileFacts, CompileRuleId } from "./rules";

export interface AuthorizerTarget {
  /** The Lambda invoke ARN */
  uri: string;
  /** Seconds for which API Gateway caches a result of the authorizer; 0 turns the cache off */
  ttlSeconds: number;
}

export const DEFAULT_ACCESS = "read";
export const PUBLIC = "public";

/** Decides who may call each operation: a rule of the settings, else the spec's security, else the default. */
export class Access {
  readonly #rules: OperationSettings<string>;
  readonly #default: string;
  readonly #used = new Set<string>();
  readonly #unknown = new Set<string>();
  readonly #remarks = new Set<string>();
  readonly #scopes = new ScopeGroups();
  /** The schemes that the spec demands, of operations without an access rule */
  readonly #demanded = new Set<string>();
  readonly #readLevels = new Set<string>();
  readonly #writesByDefault: Operation[] = [];

  constructor(
    private readonly record: Recorder,
    private readonly settings: CompileSettings,
    private readonly authorizers: Readonly<Record<string, AuthorizerTarget>>,
    private readonly invokeRole?: string,
  ) {
    const { access } = settings;
    this.#rules = new OperationSettings(["access", "rules"], access?.rules);
    this.#default = access?.default ?? DEFAULT_ACCESS;
  }

  /** The `security` of a method; undefined when it is public. */
  securityOf(operation: Operation): JsonObject[] | undefined {
    const { security, why } = this.#decide(operation);
    const names = security?.flatMap((requirement) => Object.keys(requirement)) ?? [];
    const access = names.length > 0 ? `requires ${names.join(" or ")}` : "is public";
    this.record.compiling("access", operation.path, operationName(operation), access, why);
    return security;
  }

  #decide(operation: Operation): { security: JsonObject[] | undefined; why: string } {
    const rule = this.#rules.find(operation.method, operation.template);
    if (rule) {
      const security = this.#requirement(rule.value, ["access", "rules", rule.key]);
      this.#noteRead(operation, rule.value);
      return { security, why: `The access rule of the settings: "${rule.key}"` };
    }
    const fromSpec = this.#fromSpec(operation);
    if (fromSpec !== undefined) {
      return { security: fromSpec.length === 0 ? undefined : fromSpec, why: "The security of the spec" };
    }
    const security = this.#requirement(this.#default, ["access", "default"]);
    this.#noteRead(operation, this.#default);
    if (WRITES.has(operation.method)) this.#writesByDefault.push(operation);
    return { security, why: `The default access: ${this.#default}` };
  }

  /** Reports access rules that match no operation. */
  reportUnused(operations: readonly { method: string; template: string }[]): void {
    this.#rules.reportUnused(this.record, operations);
  }

  /** Reports what the spec demands and the levels do not distinguish: scopes, and writes as open as the reads. */
  reportUnenforced(): void {
    for (const { path, scopes, level, names } of this.#scopes.all()) {
      this.record.compiling("unenforced-scopes", path, scopes, listed(names), level);
    }
    const [first] = this.#writesByDefault;
    const isMapped = [...this.#demanded].some((name) => this.#levelOfScheme(name) !== undefined);
    if (!first || this.#demanded.size === 0 || isMapped || !this.#readLevels.has(this.#default)) return;
    const names = listed(this.#writesByDefault.map(operationName));
    const count = this.#writesByDefault.length;
    this.record.compiling("writes-like-reads", first.path, count, names, this.#default);
  }

  #noteRead({ method }: Operation, level: string): void {
    if (method === "GET" && level !== PUBLIC) this.#readLevels.add(level);
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
          ...(this.invokeRole && { authorizerCredentials: this.invokeRole }),
          authorizerResultTtlInSeconds: ttlSeconds,
        },
      };
    }
    for (const [name, { level, definition }] of Object.entries(this.settings.authorizers ?? {})) {
      if (level === undefined || !Object.hasOwn(this.authorizers, level)) schemes[name] = definition;
    }
    return schemes;
  }

  #requirement(level: string, settingPath: Path): JsonObject[] | undefined {
    if (level === PUBLIC) return undefined;
    const name = this.#authorizerOf(level);
    if (name !== undefined) {
      this.#used.add(name);
      return [{ [name]: [] }];
    }
    if (!this.#unknown.has(level)) {
      const known = [PUBLIC, ...Object.keys(this.authorizers)];
      const meant = nearest(level, known) ?? "";
      this.record.compiling("unknown-access-level", settingPath, level, meant, known.join(", "));
    }
    this.#unknown.add(level);
    // Refused as a whole; until then the operation stays closed.
    return [{ [`${level}-authorizer`]: [] }];
  }

  /** The authorizer of a level: the program's, else the one that an adopted gateway had for it. */
  #authorizerOf(level: string): string | undefined {
    if (Object.hasOwn(this.authorizers, level)) return `${level}-authorizer`;
    const kept = Object.entries(this.settings.authorizers ?? {});
    return kept.find(([name, authorizer]) => authorizer.level === level || name === level)?.[0];
  }

  /**
   * What the spec's own `security` says: [] for public, a requirement, or undefined when it says nothing that this
   * gateway can act on. An optional login (`{}` beside a scheme) does not make an operation public: an authorizer of
   * API Gateway cannot be optional, so it is treated as required.
   */
  #fromSpec(operation: Operation): JsonObject[] | undefined {
    const { value: security, path } = requirementsOf(this.record.document.root, operation);
    if (!Array.isArray(security)) return undefined;
    const direct = path.length > 1;
    const requirements = security.filter(isObject);
    const named = requirements.filter((requirement) => Object.keys(requirement).length > 0);
    if (named.length === 0) {
      if (!direct) this.#once("public-by-root", path);
      return [];
    }
    if (named.length < requirements.length) {
      this.#once(
        "optional-security",
        path,
        direct ? operationName(operation) : "The root `security` of the spec",
      );
    }
    const kept = named.filter((requirement) => this.#isKept(requirement));
    if (kept.length === named.length) return kept;
    for (const name of securityNames(named)) this.#demanded.add(name);
    const mapped = named.find((requirement) => this.#levelOf(requirement) !== undefined);
    const level = mapped && this.#levelOf(mapped);
    const scopes = scopesOf(mapped ? [mapped] : named, (name) => this.#levelOfScheme(name) === undefined);
    this.#scopes.add(operation, path, scopes, level ?? this.#default);
    if (level === undefined) {
      this.#remarkUndeclared(named, path);
      return undefined;
    }
    this.#noteRead(operation, level);
    return this.#requirement(level, ["access", "schemes"]) ?? [];
  }

  #isKept(requirement: JsonObject): boolean {
    const kept = this.settings.authorizers ?? {};
    return Object.keys(requirement).every(
      (name) => Object.hasOwn(kept, name) && kept[name]?.level === undefined,
    );
  }

  /** The level of the first scheme of a requirement that means one. */
  #levelOf(requirement: JsonObject): string | undefined {
    const levels = Object.keys(requirement).map((name) => this.#levelOfScheme(name));
    return levels.find((level) => level !== undefined);
  }

  /** A scheme means the level that the settings' `schemes` give it, or the level of the same name. */
  #levelOfScheme(name: string): string | undefined {
    const schemes = this.settings.access?.schemes ?? {};
    if (Object.hasOwn(schemes, name)) return schemes[name];
    const level = name.replace(/-authorizer$/, "");
    return Object.hasOwn(this.authorizers, level) ? level : undefined;
  }

  /** AWS would refuse the name; here the default access applies, which may not be what the spec means. */
  #remarkUndeclared(requirements: readonly JsonObject[], path: Path): void {
    const declared = objectAt(objectAt(this.record.document.root, "components"), "securitySchemes") ?? {};
    for (const name of requirements.flatMap((requirement) => Object.keys(requirement))) {
      if (!Object.hasOwn(declared, name)) this.#once("missing-security-scheme", path, name, this.#default);
    }
  }

  #once<Id extends CompileRuleId>(id: Id, path: Path, ...facts: CompileFacts<Id>): void {
    const key = `${id} ${path.join("/")}`;
    if (!this.#remarks.has(key)) this.record.compiling(id, path, ...facts);
    this.#remarks.add(key);
  }
}
