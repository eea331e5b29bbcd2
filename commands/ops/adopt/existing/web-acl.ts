import { GetIPSetCommand, GetWebACLCommand, type Statement, type WAFV2Client } from "@aws-sdk/client-wafv2";
import type { Inventory } from "../inventory";

export interface ExistingWebAcl {
  webAcl: NonNullable<Inventory["webAcl"]>;
  addresses: string[];
}

/** A web ACL with the IP sets of its rules. @param arn `…:regional/webacl/NAME/ID` */
export async function existingWebAcl(waf: WAFV2Client, arn: string): Promise<ExistingWebAcl> {
  const { id, name } = nameAndId(arn);
  const { WebACL } = await waf.send(new GetWebACLCommand({ Id: id, Name: name, Scope: "REGIONAL" }));
  const found: ExistingWebAcl = { webAcl: { id, name }, addresses: [] };
  const sets = new Set((WebACL?.Rules ?? []).flatMap(({ Statement }) => ipSets(Statement)));
  for (const set of sets) {
    const { id: Id, name: Name } = nameAndId(set);
    const { IPSet } = await waf.send(new GetIPSetCommand({ Id, Name, Scope: "REGIONAL" }));
    const family = IPSet?.IPAddressVersion === "IPV6" ? "ipv6" : "ipv4";
    found.webAcl[family] ??= { id: Id, name: Name };
    found.addresses.push(...(IPSet?.Addresses ?? []));
  }
  return found;
}

/** IP sets that a rule matches; sets under a NotStatement are excluded. */
function ipSets(statement: Statement | undefined): string[] {
  const { IPSetReferenceStatement, OrStatement, AndStatement } = statement ?? {};
  return [
    ...(IPSetReferenceStatement?.ARN ? [IPSetReferenceStatement.ARN] : []),
    ...[...(OrStatement?.Statements ?? []), ...(AndStatement?.Statements ?? [])].flatMap(ipSets),
  ];
}

function nameAndId(arn: string): { id: string; name: string } {
  const [id = "", name = ""] = arn.split("/").reverse();
  return { id, name };
}
