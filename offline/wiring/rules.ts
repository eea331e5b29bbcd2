import type { Finding } from "../../lib/finding";

/** What breaks a request on its way from a domain name to the backend. All are errors. Each text says what to change. */
export const RULES = {
  "domain-not-regional": (types: string) =>
    `its endpoint type is ${types}: API mappings and regional certificates require REGIONAL.`,
  "domain-without-record": () =>
    "no Route 53 record exists for it, so it does not resolve. Add a CNAME to its regionalDomainName.",
  "record-in-another-zone": () =>
    "its record is in the Route 53 zone of another domain, so it does not resolve.",
  "record-points-elsewhere": (target: string) =>
    `its record does not point to ${target}: callers reach something else.`,

  "domain-without-certificate": () =>
    "it has no certificate of this stack: API Gateway refuses the domain name.",
  "certificate-of-another-name": (names: string[]) =>
    `its certificate is for ${names.join(", ")}: API Gateway refuses it.`,
  "certificate-in-another-region": (region: string) =>
    `its certificate is in ${region}: a regional domain name requires one in the API's region.`,
  "certificate-needs-approval": (method: string) =>
    `its certificate's validation method is ${method}: set validationMethod to DNS, otherwise each certificate needs manual e-mail approval.`,
  "certificate-not-validated": () =>
    "nothing validates its certificate, so ACM never issues it. Add the validation record and a CertificateValidation.",
  "domain-before-certificate": () =>
    "it does not wait for the validation of its certificate: take certificateArn from the CertificateValidation.",
  "validation-record-missing": (name: string) =>
    `the zone of ${name} lacks the record that ACM validates it by: its certificate is never issued.`,

  "mapping-of-unknown-domain": (domain: string) => `this stack has no domain name ${domain}.`,
  "mapping-to-unknown-api": (id: string) => `this stack has no API with the id ${id}.`,
  "mapping-to-another-stage": (stage: string, service: string, stages: string[]) =>
    `it points to stage ${stage} of ${service}, whose stages are: ${stages.join(", ") || "none"}.`,
  "mappings-on-one-path": (path: string, other: string) =>
    `mapping ${other} already has ${path}: give one of the services a basePath.`,
  "api-without-mapping": () => "no API mapping points to it, so nobody can call it.",
  "stage-without-deployment": (stage: string) => `stage ${stage} has no deployment: AWS refuses it.`,
  "deployment-of-another-api": (stage: string, deployment: string) =>
    `stage ${stage} serves deployment ${deployment}, which belongs to another API.`,
  "stage-variable-unset": (variable: string, stage: string) =>
    `the definition uses \${stageVariables.${variable}}, which stage ${stage} does not set: its routes would answer 500.`,

  "web-acl-of-another-scope": (scope: string) =>
    `its scope is ${scope}: API stages accept only REGIONAL web ACLs.`,
  "unknown-response-body": (key: string, declared: string[]) =>
    `it answers with the body ${key}, which it does not declare: AWS refuses it. Declared: ${declared.join(", ") || "none"}.`,
  "web-acl-admits-nobody": () =>
    "its default action is block and no rule allows anybody: every call gets a 403.",
  "unknown-ip-set": (arn: string) => `it refers to IP set ${arn}, which this stack does not have.`,
  "ip-set-of-another-family": (set: string, family: string, addresses: string[]) =>
    `its IP set ${set} is ${family} and contains ${addresses.join(", ")}: AWS refuses it.`,

  "unknown-function": (caller: string, uri: string) =>
    `${caller} calls ${uri}, which is not a function of this stack.`,
  "authorizer-of-another-level": (authorizer: string, fn: string, level: string, checked?: string) =>
    `authorizer ${authorizer} calls ${fn}, which checks ${checked ? `the access level ${checked}` : "no access level"}: use the URI of the function for ${level}.`,
  "authorizer-without-permission": (authorizer: string, fn: string, remedy: string) =>
    `API Gateway may not invoke function ${fn} as authorizer ${authorizer}: every call of its routes would get a 500. ${remedy}`,
  "function-without-permission": (fn: string, stage: string, remedy: string) =>
    `API Gateway may not invoke function ${fn} for stage ${stage}: every call would get a 500. ${remedy}`,

  "unknown-vpc-link": (id: string) =>
    `this stack has no VPC link with the id ${quoted(id)}: set the stage variable from the link's id.`,
  "unknown-load-balancer": (host: string) =>
    `this stack has no load balancer with the DNS name ${quoted(host)}: set the stage variable from its dnsName.`,
  "not-a-network-load-balancer": (loadBalancer: string, type: string) =>
    `load balancer ${loadBalancer} is of type ${type}: a VPC link of a REST API supports only network load balancers.`,
  "link-to-another-load-balancer": (loadBalancer: string, link: string, target: string) =>
    `requests name load balancer ${loadBalancer}, but VPC link ${link} targets ${target}: both must be the same.`,
  "no-listener": (loadBalancer: string, port: number) =>
    `load balancer ${loadBalancer} has no listener on port ${port}: requests are refused.`,
  "no-target-group": (listener: string) =>
    `listener ${listener} does not forward to a target group of this stack.`,
  "protocol-not-tcp": (name: string, protocol: string) =>
    `the protocol of ${name} is ${protocol}: API Gateway sends plain HTTP here, which passes only over TCP.`,
  "target-group-in-another-vpc": (group: string, vpc: string, loadBalancer: string, vpcs: string[]) =>
    `target group ${group} is in ${vpc}, load balancer ${loadBalancer} in ${vpcs.join(", ")}: AWS refuses the listener.`,
  "target-of-another-type": (group: string, type: string) =>
    `target group ${group} has targetType ${type}, but its targets are instances: AWS refuses them. Set targetType to "instance".`,
  "ports-differ": (listener: string, port: unknown, group: string, groupPort: unknown) =>
    `listener ${listener} is on port ${port}, its target group ${group} on ${groupPort}: both must be the service's port.`,
  "no-target": (group: string) =>
    `target group ${group} has no targets: the load balancer cannot forward requests.`,
  "security-group-refuses": (target: string, loadBalancer: string, addresses: string[], port: number) =>
    `no security group of ${target} allows load balancer ${loadBalancer} (${addresses.join(", ")}) on port ${port}: add an ingress rule for it.`,
  "load-balancer-egress-denied": (loadBalancer: string, target: string, port: number) =>
    `no security group of load balancer ${loadBalancer} allows traffic to ${target} on port ${port}: add an egress rule for it.`,
  "private-link-refused": (loadBalancer: string, port: number) =>
    `load balancer ${loadBalancer} applies its security groups to the VPC link's traffic, and none allows it on port ${port}: set enforceSecurityGroupInboundRulesOnPrivateLinkTraffic to "off".`,
  "health-check-refused": (reason: string) => `its health check fails: ${reason}`,
  "shared-port": (port: string, owner: string) =>
    `${owner} already uses port ${port} of the load balancer: both would reach one backend. Use another port for one of them.`,
  "shared-listener-port": (port: unknown, owner: string) =>
    `listener ${owner} is already on port ${port} of the load balancer: AWS refuses a second one.`,

  "broken-value": (path: string, text: string, cause: string) =>
    `${path} is ${text.slice(0, 120)}: ${cause}.`,
} satisfies Record<string, (...facts: never[]) => string>;

export type RuleId = keyof typeof RULES;

/** Adds a finding about one service, domain or resource. */
export type Report = <R extends RuleId>(rule: R, ...facts: Parameters<(typeof RULES)[R]>) => void;

/** A report for what a finding is `where`; with the operation where it concerns one. */
export type ReportAt = (where: string, operation?: string) => Report;

/** Collects findings in `findings`. */
export function collect(findings: Finding[]): ReportAt {
  return (where, operation) =>
    (rule, ...facts) => {
      const message = textOf(rule, ...facts);
      findings.push({ level: "error", rule, where, message, ...(operation && { operation }) });
    };
}

export function textOf<R extends RuleId>(rule: R, ...facts: Parameters<(typeof RULES)[R]>): string {
  return (RULES[rule] as (...facts: unknown[]) => string)(...facts);
}

function quoted(text: string): string {
  return text === "" ? "(empty)" : text;
}
