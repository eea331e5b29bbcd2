import { type PolicyResource as EngineResource, type Policies, PolicyPack } from "@pulumi/policy";
import { contextOf, type PolicyResource, type Rule } from "./rule";
import { rules } from "./rules";

/** `pulumi preview --policy-pack policies` judges by the same rules as `npm run plan`, with what only the engine knows added. */
new PolicyPack("gateway-policies", { enforcementLevel: "mandatory", policies: rules.map(policyOf) });

function policyOf(rule: Rule): Policies[number] {
  const text = {
    name: rule.name,
    description: rule.description,
    enforcementLevel: rule.advisory ? ("advisory" as const) : ("mandatory" as const),
  };
  if ("checkStack" in rule) {
    return {
      ...text,
      validateStack({ resources }, report) {
        const [first] = resources;
        if (first === undefined) return;
        for (const { urn, message } of rule.checkStack(
          resources.map(fromStack),
          contextOf(stackOf(first.urn)),
        )) {
          report(message, urn);
        }
      },
    };
  }
  return {
    ...text,
    validateResource({ urn, type, name, props, opts }, report) {
      const resource = { urn, type, name, inputs: props, protect: opts.protect };
      for (const message of rule.check(resource, contextOf(stackOf(urn)))) report(message);
    },
  };
}

function fromStack(resource: EngineResource): PolicyResource {
  return {
    urn: resource.urn,
    type: resource.type,
    name: resource.name,
    inputs: resource.props,
    protect: resource.opts.protect,
    references: Object.fromEntries(
      Object.entries(resource.propertyDependencies).map(([key, from]) => [key, from.map(({ urn }) => urn)]),
    ),
  };
}

/** urn:pulumi:STACK::PROJECT::TYPE::NAME */
function stackOf(urn: string): string {
  return urn.slice("urn:pulumi:".length).split("::", 1)[0] ?? "";
}
