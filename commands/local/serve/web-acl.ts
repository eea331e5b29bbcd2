import {
  TEXT_TRANSFORMATIONS,
  type TextTransformation,
  type WebAcl,
  type WebAclAction,
  type WebAclStatement,
  type WebAclText,
} from "../../../gateway/rest-api/options";
import { contains, firstHost } from "../../../lib/cidr";
import { asArray, asObject, type JsonObject } from "../../../lib/json";
import type { Resources } from "../../../offline/model/resources";
import type { Recorded } from "../../../offline/recording/aws-types";

type RecordedAcl = Recorded<"aws:wafv2/webAcl:WebAcl">;

/** A recorded web ACL as the gateway reads it. A statement that the gateway cannot evaluate is passed on by its name. */
export function gatewayWebAcl({ inputs, outputs }: RecordedAcl, resources: Resources): WebAcl {
  const action = (given: unknown): WebAclAction => {
    const { block, allow } = asObject(given);
    if (block !== undefined) return { block: blockOf(asObject(asObject(block).customResponse), inputs) };
    return allow !== undefined ? { allow: {} } : { count: {} };
  };
  return {
    arn: outputs.arn,
    defaultAction: action(inputs.defaultAction),
    rules: (inputs.rules ?? []).map((rule) => ({
      name: rule.name,
      priority: rule.priority,
      action: action(rule.action),
      statement: statementOf(asObject(rule.statement), resources),
    })),
  };
}

type Block = Extract<WebAclAction, { block: unknown }>["block"];
type Body = NonNullable<NonNullable<Block["customResponse"]>["body"]>;

function blockOf(response: JsonObject, { customResponseBodies = [] }: RecordedAcl["inputs"]): Block {
  if (response.responseCode === undefined) return {};
  const body = customResponseBodies.find(({ key }) => key === response.customResponseBodyKey);
  const headers = (response.responseHeaders as { name: string; value: string }[] | undefined) ?? [];
  return {
    customResponse: {
      responseCode: Number(response.responseCode),
      ...(body && { body: { contentType: body.contentType as Body["contentType"], content: body.content } }),
      ...(headers.length > 0 && {
        headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
      }),
    },
  };
}

function statementOf(statement: JsonObject, resources: Resources): WebAclStatement {
  const [[kind, given] = ["none", {}]] = Object.entries(statement).filter(([, value]) => value !== undefined);
  const value = asObject(given);
  const nested = () =>
    ((value.statements as JsonObject[] | undefined) ?? []).map((one) => statementOf(one, resources));
  switch (kind) {
    case "ipSetReferenceStatement":
      return { ipSet: resources.where("aws:wafv2/ipSet:IpSet", "arn", value.arn)[0]?.inputs.addresses ?? [] };
    case "rateBasedStatement": {
      const { limit, evaluationWindowSec, scopeDownStatement } = value;
      return {
        rateBased: {
          limit: Number(limit),
          ...(evaluationWindowSec !== undefined && { evaluationWindowSec: Number(evaluationWindowSec) }),
          ...(scopeDownStatement !== undefined && {
            scopeDown: statementOf(asObject(scopeDownStatement), resources),
          }),
        },
      };
    }
    case "andStatement":
      return { and: nested() };
    case "orStatement":
      return { or: nested() };
    case "notStatement":
      return { not: nested()[0] ?? { unsupported: "an empty notStatement" } };
    case "byteMatchStatement":
    case "regexMatchStatement":
    case "regexPatternSetReferenceStatement":
      return textStatement(kind, value, resources);
    default:
      return { unsupported: kind };
  }
}

function textStatement(kind: string, value: JsonObject, resources: Resources): WebAclStatement {
  const field = fieldOf(asObject(value.fieldToMatch));
  const transformations = asArray(value.textTransformations)
    .map(asObject)
    .sort((a, b) => Number(a.priority) - Number(b.priority))
    .map(({ type }) => String(type));
  const unknown = transformations.find((name) => !isTransformation(name));
  if (!field || unknown !== undefined) return { unsupported: `${kind} of ${unknown ?? "its field"}` };
  const text = { field, transformations: transformations.filter(isTransformation) };
  if (kind === "byteMatchStatement") {
    const position = String(value.positionalConstraint) as "EXACTLY";
    return { byteMatch: { ...text, search: String(value.searchString), position } };
  }
  const patterns =
    kind === "regexMatchStatement" ? [String(value.regexString)] : patternsOf(value.arn, resources);
  return { regexMatch: { ...text, patterns } };
}

function fieldOf(field: JsonObject): WebAclText["field"] | undefined {
  if (field.uriPath !== undefined) return "uriPath";
  if (field.method !== undefined) return "method";
  if (field.queryString !== undefined) return "queryString";
  const header = asObject(field.singleHeader).name;
  return typeof header === "string" ? { header } : undefined;
}

const isTransformation = (name: string): name is TextTransformation =>
  TEXT_TRANSFORMATIONS.some((known) => known === name);

function patternsOf(arn: unknown, resources: Resources): string[] {
  const [set] = resources.where("aws:wafv2/regexPatternSet:RegexPatternSet", "arn", arn);
  return (set?.inputs.regularExpressions ?? []).map(({ regexString }) => regexString);
}

/** An address that one of the ACL's allowing rules matches, for callers on this machine; undefined if there is none. */
export function allowedAddress(acl: WebAcl): string | undefined {
  const ranges = acl.rules.flatMap(({ action, statement }) =>
    "allow" in action && "ipSet" in statement ? statement.ipSet : [],
  );
  return firstHost(ranges.find((range) => !range.includes(":")) ?? ranges[0] ?? "");
}

/** An address that the ACL blocks, from the ranges reserved for documentation where possible; undefined if it allows all. */
export function blockedAddress(acl: WebAcl): string | undefined {
  if (!("block" in acl.defaultAction)) return undefined;
  const ranges = acl.rules.flatMap(({ statement }) => ("ipSet" in statement ? statement.ipSet : []));
  const candidates = ["203.0.113.9", "198.51.100.9", "192.0.2.9", "8.8.8.8"];
  const outside = candidates.find((address) => !ranges.some((range) => contains(range, address)));
  return outside ?? "255.255.255.254";
}
