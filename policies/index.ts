import { type PolicyResource as EngineResource, type Policies, PolicyPack } from "@pulumi/policy";
import { Config, getStack } from "@pulumi/pulumi";
import { isProduction } from "../lib/production";
import type { PolicyContext, PolicyResource, Rule } from "./rule";
import { rules } from "./rules";

/** `pulumi preview --policy-pack policies` applies the rules of `npm run plan`, with what only the engine knows added. */
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
        for (const { urn, message } of rule.checkStack(resources.map(fromStack), context())) {
          report(message, urn);
        }
      },
    };
  }
  return {
    ...text,
    validateResource({ urn, type, name, props, opts }, report) {
      const resource = { urn, type, name, inputs: props, protect: opts.protect };
      for (const message of rule.check(resource, context())) report(message);
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

/** The engine gives a policy pack the stack's configuration. */
function context(): PolicyContext {
  const stage = getStack();
  return { stage, production: isProduction(stage, new Config("gateway").getBoolean("production")) };
}
