import type { WebAcl, WebAclAction, WebAclStatement } from "../../../gateway/rest-api/options";
import { contains, firstHost } from "../../../lib/cidr";
import { asObject, type JsonObject } from "../../../lib/json";
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
    default:
      return { unsupported: kind };
  }
}

/** An address that one of the ACL's allowing rules matches, for callers on this machine; undefined if there is none. */
export function allowedAddress(acl: WebAcl): string | undefined {
  const ranges = acl.rules.flatMap(({ action, statement }) =>
    "allow" in action && "ipSet" in statement ? statement.ipSet : [],
  );
  return firstHost(ranges.find((range) => !range.includes(":")) ?? ranges[0] ?? "");
}

/** An address that none of the ACL's IP sets contains, from the ranges reserved for documentation where possible. */
export function blockedAddress(acl: WebAcl): string {
  const ranges = acl.rules.flatMap(({ statement }) => ("ipSet" in statement ? statement.ipSet : []));
  const candidates = ["203.0.113.9", "198.51.100.9", "192.0.2.9", "8.8.8.8"];
  const outside = candidates.find((address) => !ranges.some((range) => contains(range, address)));
  return outside ?? "255.255.255.254";
}
