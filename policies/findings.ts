import { contextOf, type PolicyContext, type PolicyResource, type Rule } from "./rule";
import { rules as everyRule } from "./rules";

/** One thing that does not hold, in the shape every part of the program reports problems in. */
export interface PolicyFinding {
  level: "error" | "warning";
  /** `policy-` and the rule's name. */
  rule: string;
  /** Type and name of the resource. */
  where: string;
  message: string;
}

/**
 * Holds resources against the rules of the policy pack, without the Pulumi engine.
 *
 * @param resources what a run of the program declared; components and providers among them are passed over
 */
export function policyFindings(
  resources: PolicyResource[],
  { stage, production }: { stage: string; production?: boolean },
  rules: readonly Rule[] = everyRule,
): PolicyFinding[] {
  const context: PolicyContext = { ...contextOf(stage), ...(production === undefined ? {} : { production }) };
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return rules.flatMap((rule) =>
    violations(rule, resources, context).map(({ urn, message }) => {
      const resource = byUrn.get(urn);
      return {
        level: rule.advisory ? ("warning" as const) : ("error" as const),
        rule: `policy-${rule.name}`,
        where: resource ? `${resource.type} ${resource.name}` : urn,
        message,
      };
    }),
  );
}

function violations(rule: Rule, resources: PolicyResource[], context: PolicyContext) {
  if ("checkStack" in rule) return rule.checkStack(resources, context);
  return resources.flatMap((resource) =>
    rule.check(resource, context).map((message) => ({ urn: resource.urn, message })),
  );
}
