import { contains } from "../../../lib/cidr";
import { GatewayError } from "../errors";
import type { Exchange, MethodResponse } from "../exchange";
import { ExpiringMap } from "../expiring-map";
import type { Handler } from "../handler";
import { javaRegex } from "../mapping/java-methods";
import type { TextTransformation, WebAcl, WebAclAction, WebAclStatement, WebAclText } from "../options";

type Matcher = (exchange: Exchange) => boolean;

/**
 * A web ACL: rules by ascending priority; the first match with allow or block decides, count continues, else the default
 * action applies (WAF developer guide: "Web ACL rule evaluation").
 */
export function firewall(acl: WebAcl | undefined): Handler | undefined {
  if (!acl) return undefined;
  const rules = [...acl.rules]
    .sort((a, b) => a.priority - b.priority)
    .map((rule) => ({ action: rule.action, matches: compile(rule.statement) }));
  return (exchange) => {
    const decision = rules.find(({ action, matches }) => matches(exchange) && !("count" in action));
    exchange.methodResponse = apply(exchange, decision?.action ?? acl.defaultAction);
  };
}

/** @throws GatewayError WAF_FILTERED; a custom response is final ("AWS WAF custom responses take precedence") */
function apply(exchange: Exchange, action: WebAclAction): MethodResponse | undefined {
  if (!("block" in action)) {
    exchange.wafResponseCode = "WAF_ALLOW";
    return undefined;
  }
  exchange.wafResponseCode = "WAF_BLOCK";
  const custom = action.block.customResponse;
  if (!custom) throw new GatewayError("WAF_FILTERED", "blocked by the web ACL");
  return {
    status: custom.responseCode,
    headers: [
      ...(custom.body ? ["Content-Type", CONTENT_TYPES[custom.body.contentType]] : []),
      ...Object.entries(custom.headers ?? {}).flatMap(([name, value]) => [`x-amzn-waf-${name}`, value]),
    ],
    body: custom.body?.content ?? "",
  };
}

/** Content types of custom response bodies (AWS WAF API reference, CustomResponseBody). */
const CONTENT_TYPES = {
  APPLICATION_JSON: "application/json",
  TEXT_HTML: "text/html",
  TEXT_PLAIN: "text/plain",
} as const;

function compile(statement: WebAclStatement): Matcher {
  if ("ipSet" in statement)
    return ({ sourceIp }) => statement.ipSet.some((range) => contains(range, sourceIp));
  if ("rateBased" in statement) return rateBased(statement.rateBased);
  if ("not" in statement) {
    const inner = compile(statement.not);
    return (exchange) => !inner(exchange);
  }
  if ("and" in statement) {
    const inner = statement.and.map(compile);
    return (exchange) => inner.every((matches) => matches(exchange));
  }
  if ("or" in statement) {
    const inner = statement.or.map(compile);
    return (exchange) => inner.some((matches) => matches(exchange));
  }
  if ("byteMatch" in statement) return byteMatch(statement.byteMatch);
  if ("regexMatch" in statement) return regexMatch(statement.regexMatch);
  return () => false;
}

/** More than `limit` requests from one address within the window (default five minutes). */
function rateBased({
  limit,
  evaluationWindowSec = 300,
  scopeDown,
}: Extract<WebAclStatement, { rateBased: unknown }>["rateBased"]): Matcher {
  const inScope = scopeDown ? compile(scopeDown) : () => true;
  const seen = new ExpiringMap<number[]>();
  return (exchange) => {
    if (!inScope(exchange)) return false;
    const now = Date.now();
    const times = (seen.get(exchange.sourceIp) ?? []).filter(
      (time) => time > now - evaluationWindowSec * 1000,
    );
    times.push(now);
    seen.set(exchange.sourceIp, times, evaluationWindowSec * 1000);
    return times.length > limit;
  };
}

/** The inspected text of a request. */
function reader({ field, transformations = [] }: WebAclText): (exchange: Exchange) => string {
  const read = (exchange: Exchange): string => {
    if (field === "uriPath") return exchange.fullPath;
    if (field === "method") return exchange.method;
    if (field === "queryString") return exchange.rawQuery;
    return exchange.header(field.header.toLowerCase()) ?? "";
  };
  return (exchange) => transformations.reduce((text, name) => TRANSFORM[name](text), read(exchange));
}

/** WAF developer guide: "Text transformations". */
const TRANSFORM: Readonly<Record<TextTransformation, (text: string) => string>> = {
  NONE: (text) => text,
  LOWERCASE: (text) => text.toLowerCase(),
  URL_DECODE: (text) =>
    text.replace(/(?:%[\da-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8")),
  COMPRESS_WHITE_SPACE: (text) => text.replace(/\s+/g, " "),
  NORMALIZE_PATH: normalizePath,
};

/** Removes repeated slashes, `.` segments, and `..` segments that are not at the beginning. */
function normalizePath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === ".." && segments.length > 0 && segments.at(-1) !== "..") segments.pop();
    else segments.push(segment);
  }
  return `${path.startsWith("/") ? "/" : ""}${segments.join("/")}${path.endsWith("/") && segments.length > 0 ? "/" : ""}`;
}

function byteMatch(statement: Extract<WebAclStatement, { byteMatch: unknown }>["byteMatch"]): Matcher {
  const read = reader(statement);
  const { search, position } = statement;
  return (exchange) => {
    const text = read(exchange);
    switch (position) {
      case "EXACTLY":
        return text === search;
      case "STARTS_WITH":
        return text.startsWith(search);
      case "ENDS_WITH":
        return text.endsWith(search);
      case "CONTAINS_WORD":
        return text.split(/\W+/).includes(search);
      default:
        return text.includes(search);
    }
  };
}

function regexMatch(statement: Extract<WebAclStatement, { regexMatch: unknown }>["regexMatch"]): Matcher {
  const read = reader(statement);
  const patterns = statement.patterns.flatMap((pattern) => regex(pattern) ?? []);
  return (exchange) => {
    const text = read(exchange);
    return patterns.some((pattern) => pattern.test(text));
  };
}

/** Undefined for what only AWS's expression engine (PCRE) understands. */
function regex(pattern: string): RegExp | undefined {
  try {
    return javaRegex(pattern);
  } catch {
    return undefined;
  }
}

/** Statements that cannot be evaluated here, by rule. */
export function unsupportedRules(acl: WebAcl | undefined): string[] {
  return (acl?.rules ?? []).flatMap((rule) =>
    unsupported(rule.statement).map((what) => `web ACL rule ${rule.name}: ${what}`),
  );
}

function unsupported(statement: WebAclStatement): string[] {
  if ("unsupported" in statement) return [statement.unsupported];
  if ("regexMatch" in statement)
    return statement.regexMatch.patterns
      .filter((pattern) => !regex(pattern))
      .map((pattern) => `the pattern ${pattern}`);
  if ("not" in statement) return unsupported(statement.not);
  if ("and" in statement) return statement.and.flatMap(unsupported);
  if ("or" in statement) return statement.or.flatMap(unsupported);
  return "rateBased" in statement && statement.rateBased.scopeDown
    ? unsupported(statement.rateBased.scopeDown)
    : [];
}
