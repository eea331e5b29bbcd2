import type { ApiStage, Model } from "../model";
import type { Recorded } from "../recording/aws-types";
import type { ReportAt } from "./rules";

type WebAcl = Recorded<"aws:wafv2/webAcl:WebAcl">;

/** Web ACLs that AWS refuses or that block everybody. Which stages need one is for the policies to say. */
export function webAclChecks(model: Model, at: ReportAt): void {
  for (const acl of model.resources.ofType("aws:wafv2/webAcl:WebAcl")) {
    checkAcl(acl, at);
    checkIpSets(acl, model, at);
  }
}

/** The web ACL of an API stage. */
export function webAclOf(stage: ApiStage, { resources }: Model): WebAcl | undefined {
  const [association] = resources.where(
    "aws:wafv2/webAclAssociation:WebAclAssociation",
    "resourceArn",
    stage.resource.outputs.arn,
  );
  return resources.where("aws:wafv2/webAcl:WebAcl", "arn", association?.inputs.webAclArn)[0];
}

function checkAcl({ name, inputs }: WebAcl, at: ReportAt): void {
  const report = at(`web ACL ${name}`);
  const { scope, defaultAction, rules, customResponseBodies = [] } = inputs;
  if (scope !== "REGIONAL") report("web-acl-of-another-scope", scope);
  const bodies = customResponseBodies.map(({ key }) => key);
  for (const key of valuesOf("customResponseBodyKey", [defaultAction, rules]).map(String)) {
    if (!bodies.includes(key)) report("unknown-response-body", key, bodies);
  }
  if (defaultAction.block && valuesOf("allow", rules).length === 0) report("web-acl-admits-nobody");
}

function checkIpSets({ name, inputs }: WebAcl, { resources }: Model, at: ReportAt): void {
  const report = at(`web ACL ${name}`);
  for (const statement of valuesOf("ipSetReferenceStatement", inputs.rules)) {
    const { arn } = statement as { arn: string };
    const [set] = resources.where("aws:wafv2/ipSet:IpSet", "arn", arn);
    if (!set) {
      report("unknown-ip-set", arn);
      continue;
    }
    const { ipAddressVersion: family, addresses = [] } = set.inputs;
    const foreign = addresses.filter((address) => address.includes(":") !== (family === "IPV6"));
    if (foreign.length > 0) report("ip-set-of-another-family", set.name, family, foreign);
  }
}

/** All values of a key, at any depth. */
function valuesOf(wanted: string, value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    child !== undefined && key === wanted ? [child] : valuesOf(wanted, child),
  );
}
