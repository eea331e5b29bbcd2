import { authorizerName, nameProblem } from "../../components/names";
import { levelClosure } from "../../lib/access-levels";
import { COMMON_NAME_MAX, SHORT_LABEL } from "../../lib/domain-name";
import { arrayAt, asObject, type JsonObject, prop } from "../../lib/json";
import { nearest } from "../../lib/nearest";
import { restApi } from "../../lib/quotas";
import type { SettingsIssue, SettingsPath } from "../../lib/settings-issues";
import { serviceDomain } from "./domain";
import { repeated, type Stack } from "./issues";
import { networkIssues } from "./network-rules";

/** Rules across several settings. They read the configuration as found, so that an invalid key hides nothing else. */
export function ruleIssues(config: JsonObject, stack: Stack): SettingsIssue[] {
  return [
    ...stackName(stack),
    ...networkIssues(config, stack),
    ...levels(config, stack),
    ...tags(config, stack),
    ...services(config, stack),
  ];
}

/**
 * The stack's name starts the names of load balancers, which must not start with `internal-`, and of security groups,
 * which must not start with `sg-`. Sources: Elastic Load Balancing API reference, CreateLoadBalancer; EC2 API reference,
 * CreateSecurityGroup.
 */
function stackName({ stack }: Stack): SettingsIssue[] {
  const path = ["stack"];
  if (!/^[a-z]([a-z0-9-]{0,14}[a-z0-9])?$/.test(stack)) {
    const accepted =
      "1 to 16 lower-case letters, digits or hyphens, starting with a letter and ending with a letter or digit";
    return [{ path, accepted }];
  }
  if (!/^(internal|sg)(-|$)/.test(stack)) return [];
  return [{ path, accepted: "a name that does not start with internal or sg, which AWS reserves" }];
}

function levels(config: JsonObject, { stack }: Stack): SettingsIssue[] {
  const names = Object.keys(asObject(config.levels));
  const levels = Object.fromEntries(
    Object.entries(asObject(config.levels)).map(([name, level]) => [
      name,
      { includes: arrayAt(level, "includes").map(String) },
    ]),
  );
  const tooMany = names.length > restApi.authorizers;
  return [
    ...(tooMany ? [{ path: ["levels"], accepted: `at most ${restApi.authorizers} levels` }] : []),
    ...names.flatMap((name): SettingsIssue[] => {
      const problem = nameProblem("function", `${authorizerName(stack, name)}-function`);
      return problem
        ? [{ path: ["levels", name], accepted: `a shorter level or stack name: ${problem}` }]
        : [];
    }),
    ...Object.entries(levels).flatMap(([name, { includes }]) =>
      includes.flatMap((included, i): SettingsIssue[] => {
        const path = ["levels", name, "includes", i];
        if (!names.includes(included)) return [{ path, accepted: oneOf(included, names) }];
        return levelClosure(included, levels).includes(name)
          ? [{ path, accepted: `a level that does not itself include ${name}` }]
          : [];
      }),
    ),
  ];
}

/** IAM compares tag keys without regard to case. Source: IAM user guide, "Tags for IAM resources". */
function tags(config: JsonObject, { stack }: Stack): SettingsIssue[] {
  const keys = Object.keys(asObject(config.tags));
  const path = (i: number): SettingsPath => ["tags", keys[i] ?? ""];
  return [
    ...repeated(
      keys.map((key) => key.toLowerCase()),
      path,
      "keys that differ in more than case, which IAM ignores",
    ),
    ...keys.flatMap((key, i) =>
      key !== "stage" && key.toLowerCase() === "stage"
        ? [{ path: path(i), accepted: `the key stage in lower case, or none: then it is stage: ${stack}` }]
        : [],
    ),
  ];
}

function services(config: JsonObject, stack: Stack): SettingsIssue[] {
  const all = arrayAt(config, "services");
  // The name and address of a retired API must be unique too.
  const apis = [...all, ...arrayAt(config, "retired")].map(asObject);
  const path = (i: number): SettingsPath => (i < all.length ? ["services", i] : ["retired", i - all.length]);
  const zone = typeof config.domain === "string" ? config.domain : undefined;
  const access = ["public", ...Object.keys(asObject(config.levels))];
  return [
    ...repeated(
      apis.map(({ name }) => name),
      (i) => [...path(i), "name"],
      "a name that no other service has",
    ),
    ...repeated(
      all.map((service) => prop(service, "port")),
      (i) => ["services", i, "port"],
      "a port that no other service has",
    ),
    ...repeated(
      apis.map((api) => addressOf(api, zone, stack)),
      path,
      "a domain and basePath that no other service has",
      (i) => apis[i]?.name,
    ),
    ...apis.flatMap((api, i) => [
      ...domainInZone(api, path(i), zone),
      ...domainLength(addressOf(api, zone, stack)?.split("/")[0], path(i), zone),
    ]),
    ...all.flatMap((service, i) => [
      ...accessLevels(service, i, access),
      ...repeated(
        arrayAt(prop(service, "backend"), "instances"),
        (j) => ["services", i, "backend", "instances", j],
        "each instance once",
      ),
    ]),
  ];
}

/** The domain name and base path of an API, or undefined when the settings are incomplete. */
function addressOf(api: JsonObject, zone: string | undefined, stack: Stack): string | undefined {
  if (typeof api.name !== "string" || zone === undefined) return undefined;
  const domain = typeof api.domain === "string" ? api.domain : serviceDomain(api.name, zone, stack);
  return `${domain}/${typeof api.basePath === "string" ? api.basePath : ""}`;
}

function domainInZone({ domain }: JsonObject, path: SettingsPath, zone: string | undefined): SettingsIssue[] {
  if (typeof domain !== "string" || zone === undefined || domain.endsWith(`.${zone}`)) return [];
  return [
    { path: [...path, "domain"], accepted: `a name that ends in .${zone}, the zone of gateway:domain` },
  ];
}

/** A certificate for a long domain name needs a short first name in the zone; see certificateNames. */
function domainLength(domain = "", path: SettingsPath, zone = ""): SettingsIssue[] {
  const zoneMax = COMMON_NAME_MAX - SHORT_LABEL - 1;
  if (domain.length <= COMMON_NAME_MAX || zone.length <= zoneMax) return [];
  return [
    {
      path: [...path, "domain"],
      accepted: `at most ${COMMON_NAME_MAX} characters for ACM, ${domain} has ${domain.length}; longer names need a zone (gateway:domain) of at most ${zoneMax}, this one has ${zone.length}`,
    },
  ];
}

function accessLevels(service: unknown, i: number, levelNames: string[]): SettingsIssue[] {
  const access = asObject(prop(service, "access"));
  const path: SettingsPath = ["services", i, "access"];
  const given: [SettingsPath, unknown][] = [
    [[...path, "default"], access.default],
    ...Object.entries(asObject(access.rules)).map(([route, level]): [SettingsPath, unknown] => [
      [...path, "rules", route],
      level,
    ]),
  ];
  return given.flatMap(([path, level]) =>
    typeof level === "string" && !levelNames.includes(level)
      ? [{ path, accepted: oneOf(level, levelNames) }]
      : [],
  );
}

function oneOf(word: string, names: string[]): string {
  const close = nearest(word, names);
  return `${close ? `did you mean ${close}? ` : ""}one of ${names.join(", ")}`;
}
