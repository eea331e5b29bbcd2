import { inRange } from "../authorizers/policy";
import { WafFiltered } from "../errors";
import type { Exchange } from "../exchange";
import { ExpiringMap } from "../expiring-map";
import type { WebAcl, WebAclAction, WebAclStatement } from "../options";
import type { Stage } from "../pipeline";

type Test = (exchange: Exchange) => boolean;

/**
 * A web ACL: rules by ascending priority, the first that matches with allow or block decides, count goes on, else the
 * default action (WAF developer guide: "Web ACL rule evaluation").
 */
export function waf(acl: WebAcl): Stage {
  const rules = [...acl.rules]
    .sort((a, b) => a.priority - b.priority)
    .map((rule) => ({ action: rule.action, matches: compile(rule.statement) }));
  return (exchange) => {
    for (const { action, matches } of rules) {
      if ("count" in action || !matches(exchange)) {
        if ("count" in action) matches(exchange);
        continue;
      }
      apply(exchange, action);
      return;
    }
    apply(exchange, acl.defaultAction);
  };
}

/** A custom response wins over gateway responses ("AWS WAF custom responses take precedence"). */
function apply(exchange: Exchange, action: WebAclAction): void {
  if (!("block" in action)) {
    exchange.wafResponseCode = "WAF_ALLOW";
    return;
  }
  exchange.wafResponseCode = "WAF_BLOCK";
  const custom = action.block.customResponse;
  if (!custom) throw new WafFiltered("blocked by the web ACL");
  exchange.answer = {
    status: custom.responseCode,
    headers: [
      ...(custom.body
        ? ["Content-Type", CONTENT_TYPES[custom.body.contentType] ?? custom.body.contentType]
        : []),
      ...Object.entries(custom.headers ?? {}).flatMap(([name, value]) => [`x-amzn-waf-${name}`, value]),
    ],
    body: custom.body?.content ?? "",
  };
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  APPLICATION_JSON: "application/json",
  TEXT_HTML: "text/html",
  TEXT_PLAIN: "text/plain",
};

function compile(statement: WebAclStatement): Test {
  if ("ipSet" in statement)
    return ({ sourceIp }) => statement.ipSet.some((range) => inRange(sourceIp, range));
  if ("rateBased" in statement) return rateBased(statement.rateBased);
  if ("not" in statement) {
    const inner = compile(statement.not);
    return (exchange) => !inner(exchange);
  }
  if ("and" in statement) {
    const inner = statement.and.map(compile);
    return (exchange) => inner.every((test) => test(exchange));
  }
  if ("or" in statement) {
    const inner = statement.or.map(compile);
    return (exchange) => inner.some((test) => test(exchange));
  }
  if ("byteMatch" in statement) return byteMatch(statement.byteMatch);
  return () => false;
}

/** More than `limit` requests of one address within the window (default five minutes). */
function rateBased({
  limit,
  evaluationWindowSec = 300,
  scopeDown,
}: Extract<WebAclStatement, { rateBased: unknown }>["rateBased"]): Test {
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

function byteMatch({
  field,
  search,
  position,
}: Extract<WebAclStatement, { byteMatch: unknown }>["byteMatch"]): Test {
  const read = (exchange: Exchange): string => {
    if (field === "uriPath") return exchange.fullPath;
    if (field === "method") return exchange.method;
    if (field === "queryString") return exchange.rawQuery;
    return exchange.header(field.header.toLowerCase()) ?? "";
  };
  return (exchange) => {
    const text = read(exchange);
    if (position === "EXACTLY") return text === search;
    if (position === "STARTS_WITH") return text.startsWith(search);
    return position === "ENDS_WITH" ? text.endsWith(search) : text.includes(search);
  };
}

/** What of a web ACL cannot be evaluated here, by rule. */
export function unsupportedRules(acl: WebAcl): string[] {
  return acl.rules.flatMap((rule) =>
    unsupported(rule.statement).map((what) => `web ACL rule ${rule.name}: ${what}`),
  );
}

function unsupported(statement: WebAclStatement): string[] {
  if ("unsupported" in statement) return [statement.unsupported];
  if ("not" in statement) return unsupported(statement.not);
  if ("and" in statement) return statement.and.flatMap(unsupported);
  if ("or" in statement) return statement.or.flatMap(unsupported);
  return "rateBased" in statement && statement.rateBased.scopeDown
    ? unsupported(statement.rateBased.scopeDown)
    : [];
}
