import ipaddr from "ipaddr.js";
import type { WebAcl, WebAclAction, WebAclStatement } from "../../../gateway/rest-api/options";
import type { Resources } from "../../../offline/model/resources";
import type { RecordedResource } from "../../../offline/recording";

type Loose = Record<string, unknown>;

/** A recorded web ACL in the gateway's own terms. What the gateway cannot evaluate goes by its name. */
export function gatewayWebAcl(acl: RecordedResource, resources: Resources): WebAcl {
  const bodies = new Map(
    (acl.inputs.customResponseBodies as (Body & { key: string })[] | undefined)?.map(
      ({ key, contentType, content }) => [key, { contentType, content }],
    ),
  );
  const action = (given: unknown): WebAclAction => {
    const { block, allow } = object(given);
    if (block !== undefined) return { block: blocked(object(object(block).customResponse), bodies) };
    return allow !== undefined ? { allow: {} } : { count: {} };
  };
  return {
    arn: String(acl.outputs.arn),
    defaultAction: action(acl.inputs.defaultAction),
    rules: ((acl.inputs.rules as Loose[] | undefined) ?? []).map((rule) => ({
      name: String(rule.name),
      priority: Number(rule.priority),
      action: rule.action === undefined ? { count: {} } : action(rule.action),
      statement: statementOf(object(rule.statement), resources),
    })),
  };
}

type Block = Extract<WebAclAction, { block: unknown }>["block"];
type Body = NonNullable<NonNullable<Block["customResponse"]>["body"]>;

function blocked(response: Loose, bodies: Map<string, Body>): Block {
  if (response.responseCode === undefined) return {};
  const body = bodies.get(String(response.customResponseBodyKey));
  const headers = (response.responseHeaders as { name: string; value: string }[] | undefined) ?? [];
  return {
    customResponse: {
      responseCode: Number(response.responseCode),
      ...(body && { body }),
      ...(headers.length > 0 && {
        headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
      }),
    },
  };
}

function statementOf(statement: Loose, resources: Resources): WebAclStatement {
  const [[kind, given] = ["none", {}]] = Object.entries(statement).filter(([, value]) => value !== undefined);
  const value = object(given);
  const nested = () =>
    ((value.statements as Loose[] | undefined) ?? []).map((one) => statementOf(one, resources));
  switch (kind) {
    case "ipSetReferenceStatement":
      return { ipSet: addressesOf(value.arn, resources) };
    case "rateBasedStatement":
      return {
        rateBased: {
          limit: Number(value.limit),
          ...(value.evaluationWindowSec !== undefined && {
            evaluationWindowSec: Number(value.evaluationWindowSec),
          }),
          ...(value.scopeDownStatement !== undefined && {
            scopeDown: statementOf(object(value.scopeDownStatement), resources),
          }),
        },
      };
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

function addressesOf(arn: unknown, resources: Resources): string[] {
  const [set] = resources.where("aws:wafv2/ipSet:IpSet", "arn", arn);
  return (set?.inputs.addresses as string[] | undefined) ?? [];
}

/** An address that one of the ACL's allowing rules names, for callers on this machine; undefined if there is none. */
export function allowedAddress(acl: WebAcl): string | undefined {
  const ranges = acl.rules.flatMap(({ action, statement }) =>
    "allow" in action && "ipSet" in statement ? statement.ipSet : [],
  );
  const range = ranges.find((one) => !one.includes(":")) ?? ranges[0];
  if (range === undefined) return undefined;
  const [address, bits] = ipaddr.parseCIDR(range);
  const bytes = address.toByteArray();
  // The first host of a range, which may be the range's only address.
  if (bits < bytes.length * 8 - 1) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 1;
  return ipaddr.fromByteArray(bytes).toString();
}

function object(value: unknown): Loose {
  return typeof value === "object" && value !== null ? (value as Loose) : {};
}
