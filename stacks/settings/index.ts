import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { IdentityProvider } from "../../components/functions/identity-provider";
import { parseRange } from "../../lib/cidr";
import { type Finding, FindingsError } from "../../lib/finding";
import { at } from "../../lib/json";
import { nearest } from "../../lib/nearest";
import { isProduction } from "../../lib/production";
import {
  type SettingsIssue,
  type SettingsPath,
  schemasAt,
  settingsFinding,
  settingsIssues,
} from "../../lib/settings-issues";
import { serviceDomain } from "./domain";
import { refuseEncrypted } from "./encrypted";
import { configSchema } from "./json-schema";
import { PRODUCTION_THROTTLE, type Throttle } from "./operations";
import { keyOf, locator } from "./position";
import { ruleIssues } from "./rules";
import { type StackConfig, settingsSchema } from "./schema";
import type { RetiredSettings as RetiredConfig, ServiceSettings as ServiceConfig } from "./service";

export { addressesOf } from "./network";

/** A service's settings with its domain name resolved. */
export type ServiceSettings = Omit<ServiceConfig, "throttle"> & { domain: string; throttle?: Throttle };

/** A retired API's settings with its domain name resolved. */
export type RetiredSettings = RetiredConfig & { domain: string };

/** Everything that one stage consists of: validated, with defaults. */
export type Settings = Omit<
  StackConfig,
  "services" | "retired" | "production" | "protect" | "throttle" | "identity"
> & {
  /** Name of the stage: the stack's name */
  stage: string;
  /** Whether the stage is open to everybody */
  production: boolean;
  protect: boolean;
  /** Of APIs without their own; undefined when only the account's limit applies */
  throttle?: Throttle;
  identity: IdentityProvider;
  services: ServiceSettings[];
  retired: RetiredSettings[];
  /** File, line and column of a key: `["services", 0, "port"]` → `Pulumi.dev.yaml:12:5` */
  locate(path: SettingsPath): string;
};

/** The origin of a configuration, for its error messages. */
export interface Source {
  stack: string;
  /** Name of the stack file, e.g. `Pulumi.dev.yaml` */
  file: string;
  /** Text of that file; gives findings their line */
  text?: string;
  /** Keys that Pulumi marks as secret */
  secretKeys?: string[];
}

/**
 * Validates a stack's configuration.
 * @param raw `gateway:key` → value, as in the stack file or as Pulumi passes it (structured values as JSON text).
 *   Of other namespaces, only `aws:region` is checked.
 * @throws FindingsError with everything that is wrong, in the order of the file
 */
export function parseSettings(raw: Record<string, unknown>, source: Source): Settings {
  const config = withoutNamespace(raw);
  const { stack, text, secretKeys = [] } = source;
  const locate = positionIn(source);
  refuseEncrypted(
    withoutNamespace(text === undefined ? raw : configOf(text)),
    Object.keys(withoutNamespace(Object.fromEntries(secretKeys.map((key) => [key, true])))),
    locate,
  );
  const production = isProduction(
    stack,
    typeof config.production === "boolean" ? config.production : undefined,
  );
  const parsed = settingsSchema.safeParse(config);
  const issues = [
    ...(parsed.success ? [] : settingsIssues(parsed.error, configSchema())),
    ...ruleIssues(config, { stack, production }),
    ...regionIssues(raw[REGION]),
    ...sizeIssues(raw, config),
  ];
  if (!parsed.success || issues.length > 0) {
    throw new FindingsError(findingsOf(issues, { ...config, [REGION]: raw[REGION], stack }, raw, source));
  }
  return resolve(parsed.data, stack, production, locate);
}

function positionIn({ file, text }: Source): Settings["locate"] {
  const position = locator(text);
  return (path) => {
    const found = position(path);
    return found ? `${file}:${found.line}:${found.column}` : `${file} ${keyOf(path)}`;
  };
}

/** The values of this program's keys. */
function withoutNamespace(raw: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(raw)
      .filter(([key]) => key.startsWith("gateway:"))
      .map(([key, value]) => [key.slice("gateway:".length), decode(value)]),
  );
}

function configOf(text: string): Record<string, unknown> {
  return (parse(text) as { config?: Record<string, unknown> } | null)?.config ?? {};
}

const REGION = "aws:region";

/** Only for "did you mean": another area may be new. Source: AWS General Reference, "Regional endpoints". */
const REGION_AREAS = [
  ...["us-east", "us-west", "us-gov-east", "us-gov-west", "ca-central", "ca-west", "mx-central", "sa-east"],
  ...[
    "eu-west",
    "eu-central",
    "eu-north",
    "eu-south",
    "eusc-de-east",
    "il-central",
    "me-south",
    "me-central",
  ],
  ...["af-south", "ap-east", "ap-south", "ap-southeast", "ap-northeast", "cn-north", "cn-northwest"],
];

/** The provider's key. Optional, because AWS_REGION or a profile can set the region. */
function regionIssues(region: unknown): SettingsIssue[] {
  if (region === undefined) return [];
  const [, area, number] = /^([a-z]{2,4}(?:-[a-z]+)+)(-\d)$/.exec(String(region)) ?? [];
  if (area === undefined) return [{ path: [REGION], accepted: "an AWS region, e.g. us-east-1" }];
  const meant = REGION_AREAS.includes(area) ? undefined : nearest(area, REGION_AREAS);
  if (meant !== undefined)
    return [{ path: [REGION], accepted: `an AWS region; did you mean ${meant}${number}?` }];
  if (!String(region).startsWith("cn-")) return [];
  // Service principals, endpoints and the registration of domain names differ there.
  return [{ path: [REGION], accepted: "a region outside China; the partition aws-cn is not supported" }];
}

/** Pulumi passes the configuration in one environment variable, and Linux limits each to 128 KiB (MAX_ARG_STRLEN). */
function sizeIssues(raw: Record<string, unknown>, config: Record<string, unknown>): SettingsIssue[] {
  const limit = 128 * 1024 - "PULUMI_CONFIG=".length - 1;
  const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? "");
  const texts = Object.entries(raw).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const total = size(Object.fromEntries(texts));
  if (total <= limit) return [];
  const [[largest = ""] = []] = Object.entries(config).sort(([, a], [, b]) => size(b) - size(a));
  const advice = largest === "allow" ? "; combine addresses into wider ranges" : "";
  return [
    {
      path: [largest],
      accepted: `a configuration of at most ${limit} bytes, this one has ${total} and this is its largest key${advice}`,
    },
  ];
}

/** Pulumi passes structured configuration as JSON text, and scalars as text. */
function decode(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function findingsOf(
  issues: SettingsIssue[],
  found: Record<string, unknown>,
  raw: Record<string, unknown>,
  source: Source,
): Finding[] {
  const position = locator(source.text);
  const schema = configSchema();
  return issues
    .map((issue) => ({ issue, position: position(issue.path) }))
    .sort(
      ({ position: a }, { position: b }) =>
        (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0),
    )
    .map(({ issue, position }) => {
      const value = at(found, issue.path);
      const [description] = schemasAt(schema, issue.path).flatMap((one) => one.description ?? []);
      // What a missing key is for says more than its type.
      const missing = value === undefined && !issue.unknown;
      const [key = ""] = issue.path;
      const hints = [
        ...(missing && description !== undefined ? [` (${description})`] : []),
        ...(missing && key in raw ? [`; write the key ${key} as gateway:${key}`] : []),
      ];
      return {
        ...settingsFinding(
          { ...issue, accepted: `${issue.accepted}${hints.join("")}` },
          {
            where: position ? `${source.file}:${position.line}:${position.column}` : source.file,
            key: issue.path[0] === "stack" ? "stack name" : keyOf(issue.path),
            value,
          },
        ),
        rule: "settings",
      };
    });
}

function resolve(
  config: StackConfig,
  stage: string,
  production: boolean,
  locate: Settings["locate"],
): Settings {
  const { services, retired, identity, protect = production, allow, tags = {}, ...rest } = config;
  const { throttle = production && PRODUCTION_THROTTLE } = config;
  const withDomain = <S extends RetiredConfig | Omit<ServiceConfig, "throttle">>(api: S) => ({
    ...api,
    domain: api.domain ?? serviceDomain(api.name, config.domain, { stack: stage, production }),
  });
  return {
    ...rest,
    stage,
    production,
    protect,
    locate,
    throttle: throttle || undefined,
    // As AWS WAF returns them: another notation of an IPv6 range would differ in every update.
    allow: allow && { ...allow, addresses: allow.addresses.map((range) => parseRange(range)?.text ?? range) },
    tags: "stage" in tags ? tags : { ...tags, stage },
    identity: identity as IdentityProvider, // the schema requires exactly one
    services: services.map(({ throttle: own = throttle, ...service }) => ({
      ...withDomain(service),
      ...(own && { throttle: own }),
    })),
    retired: retired.map(withDomain),
  };
}

/** Reads and validates a stack file without Pulumi. @throws FindingsError */
export function readStackFile(file: string, stack: string, name = `Pulumi.${stack}.yaml`): Settings {
  const text = readFileSync(file, "utf8");
  return parseSettings(configOf(text), { stack, file: name, text });
}
