import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { IdentitySettings } from "../../components/functions/gateway-functions";
import { serviceDomain } from "./domain";
import { keysAt, schemasAt } from "./json-schema";
import { keyOf, locator, type Path, type Problem, readIssue, SettingsError, show, valueAt } from "./problems";
import { brokenRules } from "./rules";
import { type StackConfig, settingsSchema } from "./schema";
import type { RetiredSettings as RetiredConfig, ServiceSettings as ServiceConfig } from "./service";

export { settingsJsonSchema } from "./json-schema";
export { addressesOf, type NetworkSettings } from "./network";
export { type Path, type Problem, SettingsError } from "./problems";
export type { PscBackendSettings, PscSettings } from "./psc";

/** A service's settings with its domain name decided. */
export type ServiceSettings = ServiceConfig & { domain: string };

/** A retired API's settings with its domain name decided. */
export type RetiredSettings = RetiredConfig & { domain: string };

/** Everything that one stage consists of, validated, defaults filled in. */
export type Settings = Omit<StackConfig, "services" | "retired" | "protect" | "identity"> & {
  /** Name of the stage: the stack's name */
  stage: string;
  /** The stage open to everybody: the stack called prod */
  production: boolean;
  protect: boolean;
  identity: IdentitySettings;
  services: ServiceSettings[];
  retired: RetiredSettings[];
  /** The place of a key for messages, as `Pulumi.dev.yaml:12:5`; `["services", 0, "port"]` */
  place(path: Path): string;
};

/** Where a configuration comes from, for its error texts. */
export interface Source {
  stack: string;
  /** Name of the stack file, e.g. `Pulumi.dev.yaml` */
  file: string;
  /** Text of that file; gives problems their line */
  text?: string;
}

/**
 * Validates a stack's configuration.
 * @param raw `gateway:key` → value, as the stack file has it or as Pulumi passes it (structured values as JSON text).
 *   Of other namespaces, only `aws:region` is looked at.
 * @throws SettingsError with every problem at once
 */
export function parseSettings(raw: Record<string, unknown>, source: Source): Settings {
  const config = Object.fromEntries(
    Object.entries(raw)
      .filter(([key]) => key.startsWith("gateway:"))
      .map(([key, value]) => [key.slice("gateway:".length), decode(value)]),
  );
  const found = { ...config, [REGION]: raw[REGION] };
  const production = source.stack === "prod";
  const parsed = settingsSchema.safeParse(config);
  const locate = locator(source.text);
  const problem = ({
    path,
    accepted,
    unknown,
  }: {
    path: Path;
    accepted: string;
    unknown?: true;
  }): Problem => ({
    file: source.file,
    ...locate(path),
    key: path[0] === "stack" ? "stack name" : keyOf(path),
    found:
      path[0] === "stack"
        ? show(source.stack, [])
        : unknown
          ? "an unknown key"
          : show(valueAt(found, path), path),
    accepted: valueAt(found, path) === undefined && !unknown ? withDescription(accepted, path) : accepted,
  });
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => readIssue(issue, keysAt))),
    ...brokenRules(config, { stack: source.stack, production }),
    ...brokenRegion(raw[REGION]),
  ].map(problem);
  if (!parsed.success || problems.length > 0) throw new SettingsError(inOrder(problems));
  return resolve(parsed.data, source.stack, production, (path) => {
    const { line, column } = locate(path);
    return line === undefined ? `${source.file} ${keyOf(path)}` : `${source.file}:${line}:${column}`;
  });
}

const REGION = "aws:region";

/** The provider's own key. It may be absent: the environment (AWS_REGION) or a profile can give the region. */
function brokenRegion(region: unknown): { path: Path; accepted: string }[] {
  if (region === undefined || /^[a-z]{2}(-[a-z]+)+-\d$/.test(String(region))) return [];
  return [{ path: [REGION], accepted: "an AWS region, e.g. us-east-1" }];
}

/** Pulumi hands structured configuration over as JSON text, and every scalar as text. */
function decode(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function resolve(
  config: StackConfig,
  stage: string,
  production: boolean,
  place: Settings["place"],
): Settings {
  const { services, retired, identity, protect = production, ...rest } = config;
  const withDomain = <S extends RetiredConfig | ServiceConfig>(api: S) => ({
    ...api,
    domain: api.domain ?? serviceDomain(api.name, config.domain, { stack: stage, production }),
  });
  return {
    ...rest,
    stage,
    production,
    protect,
    place,
    identity: identity as IdentitySettings, // the schema has seen to it that there is exactly one
    services: services.map(withDomain),
    retired: retired.map(withDomain),
  };
}

function inOrder(problems: Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** What is missing is better known by what it is for than by its type. */
function withDescription(accepted: string, path: Path): string {
  const [description] = schemasAt(path).flatMap((schema) => schema.description ?? []);
  return description === undefined ? accepted : `${accepted} (${description})`;
}

/** Reads and validates a stack file without Pulumi. @throws SettingsError */
export function readStackFile(file: string, stack: string, name = `Pulumi.${stack}.yaml`): Settings {
  const text = readFileSync(file, "utf8");
  return parseSettings((parse(text) as { config?: Record<string, unknown> } | null)?.config ?? {}, {
    stack,
    file: name,
    text,
  });
}
