import type { Finding } from "../../openapi";
import type { ApiStage, Model } from "../model";
import type { RecordedResource } from "../recording";
import { broken } from ".";

/** The one stack that the whole world may call. */
const openStack = "prod";

/** Outside production every API stage must be behind a web ACL, and the ACL's IP sets must exist. */
export function webAclFindings(model: Model): Finding[] {
  return [
    ...model.services.flatMap(({ name, stages }) =>
      stages.flatMap((stage) => stageFindings(name, stage, model)),
    ),
    ...model.resources
      .ofType("aws:wafv2/webAcl:WebAcl")
      .flatMap((acl) => [...ipSetFindings(acl, model), ...aclFindings(acl)]),
  ];
}

/** The web ACL in front of an API stage. */
export function webAclOf(stage: ApiStage, { resources }: Model): RecordedResource | undefined {
  const [association] = resources.where(
    "aws:wafv2/webAclAssociation:WebAclAssociation",
    "resourceArn",
    stage.resource.outputs.arn,
  );
  return resources.where("aws:wafv2/webAcl:WebAcl", "arn", association?.inputs.webAclArn)[0];
}

function stageFindings(service: string, stage: ApiStage, model: Model): Finding[] {
  if (model.stack === openStack || webAclOf(stage, model)) return [];
  return [
    broken(
      "stage-without-web-acl",
      `service ${service}`,
      `stage ${stage.name} has no web ACL: every address may call it. Only ${openStack} may be open.`,
    ),
  ];
}

/** What AWS refuses in an ACL, and one that admits nobody. */
function aclFindings({ name, inputs }: RecordedResource): Finding[] {
  const where = `web ACL ${name}`;
  const findings: Finding[] = [];
  if (inputs.scope !== "REGIONAL") {
    findings.push(
      broken(
        "web-acl-of-another-scope",
        where,
        `its scope is ${inputs.scope}: API stages take REGIONAL ones only.`,
      ),
    );
  }
  const bodies = ((inputs.customResponseBodies as { key: string }[] | undefined) ?? []).map(({ key }) => key);
  for (const key of valuesOf("customResponseBodyKey", [inputs.defaultAction, inputs.rules])) {
    if (bodies.includes(String(key))) continue;
    findings.push(
      broken(
        "unknown-response-body",
        where,
        `it answers with the body ${key}, which it does not declare: AWS refuses it. Declared: ${bodies.join(", ") || "none"}.`,
      ),
    );
  }
  const blocks = valuesOf("block", inputs.defaultAction).length > 0;
  if (blocks && valuesOf("allow", inputs.rules).length === 0) {
    findings.push(
      broken(
        "web-acl-admits-nobody",
        where,
        "it blocks by default and no rule allows anybody: every call is a 403.",
      ),
    );
  }
  return findings;
}

function ipSetFindings(acl: RecordedResource, { resources }: Model): Finding[] {
  const where = `web ACL ${acl.name}`;
  return valuesOf("ipSetReferenceStatement", acl.inputs.rules).flatMap((statement) => {
    const { arn } = statement as { arn: unknown };
    const [set] = resources.where("aws:wafv2/ipSet:IpSet", "arn", arn);
    if (!set) {
      return [broken("unknown-ip-set", where, `it refers to IP set ${arn}, which this stack does not have.`)];
    }
    const family = String(set.inputs.ipAddressVersion);
    const foreign = ((set.inputs.addresses as string[] | undefined) ?? []).filter(
      (address) => address.includes(":") !== (family === "IPV6"),
    );
    if (foreign.length === 0) return [];
    return [
      broken(
        "ip-set-of-another-family",
        where,
        `its IP set ${set.name} is ${family} and holds ${foreign.join(", ")}: AWS refuses it.`,
      ),
    ];
  });
}

/** All values of a key, at any depth. */
function valuesOf(wanted: string, value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    child !== undefined && key === wanted ? [child] : valuesOf(wanted, child),
  );
}
