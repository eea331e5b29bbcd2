import type { Finding } from "../../openapi";
import type { ApiStage, Model } from "../model";
import type { RecordedResource } from "../recording";
import { broken } from "./index";

/** The one stack that the whole world may call. */
const openStack = "prod";

/** Outside production every API stage must be behind a web ACL, and the ACL's IP sets must exist. */
export function webAclFindings(model: Model): Finding[] {
  return [
    ...model.services.flatMap(({ name, stages }) =>
      stages.flatMap((stage) => stageFindings(name, stage, model)),
    ),
    ...model.resources.ofType("aws:wafv2/webAcl:WebAcl").flatMap((acl) => ipSetFindings(acl, model)),
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

function ipSetFindings(acl: RecordedResource, { resources }: Model): Finding[] {
  const known = new Set(resources.ofType("aws:wafv2/ipSet:IpSet").map(({ outputs }) => outputs.arn));
  return referencedSets(acl.inputs.rules)
    .filter((arn) => !known.has(arn))
    .map((arn) =>
      broken(
        "unknown-ip-set",
        `web ACL ${acl.name}`,
        `it refers to IP set ${arn}, which this stack does not have.`,
      ),
    );
}

function referencedSets(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === "ipSetReferenceStatement" ? [String((child as { arn: unknown }).arn)] : referencedSets(child),
  );
}
