import type { Finding } from "../lib/finding";
import { isProduction } from "../lib/production";
import type { PolicyContext, PolicyResource, Rule } from "./rule";
import { rules as everyRule } from "./rules";

/**
 * Checks resources against the rules of the policy pack, without the Pulumi engine.
 * @param resources everything that a run of the program declared
 */
export function policyFindings(
  resources: PolicyResource[],
  { stage, production = isProduction(stage) }: { stage: string; production?: boolean },
  rules: readonly Rule[] = everyRule,
): Finding[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return rules.flatMap((rule) =>
    violations(rule, resources, { stage, production }).map(({ urn, message }) => {
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
