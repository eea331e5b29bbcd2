/** A resource as a policy gets it, from the Pulumi engine or a recording: the declared properties, before AWS adds others. */
export interface PolicyResource {
  urn: string;
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** The provider's id, once it exists. */
  id?: string;
  /** The `protect` option; undefined when the source does not know it. */
  protect?: boolean;
  /** The URNs that each property depends on; undefined when the source does not know them. */
  references?: Record<string, string[]>;
}

/** What the rules need to know about the stack. */
export interface PolicyContext {
  /** Stack name. */
  stage: string;
  /** See lib/production */
  production: boolean;
}

interface RuleText {
  /** kebab-case id, the same in the policy pack and in the plan. */
  name: string;
  description: string;
  /** An advisory rule never stops an update. */
  advisory?: boolean;
}

/** Checks one resource; returns each violation as a sentence that says what to change. */
export interface ResourceRule extends RuleText {
  check(resource: PolicyResource, context: PolicyContext): string[];
}

/** Checks resources together, for rules that one resource satisfies for another. */
export interface StackRule extends RuleText {
  checkStack(resources: PolicyResource[], context: PolicyContext): { urn: string; message: string }[];
}

export type Rule = ResourceRule | StackRule;

/** A rule for resources of the given types. */
export function ruleFor(
  types: readonly string[],
  rule: RuleText & {
    check(inputs: Record<string, unknown>, resource: PolicyResource, context: PolicyContext): string[];
  },
): ResourceRule {
  const wanted = new Set(types);
  return {
    ...rule,
    check: (resource, context) =>
      wanted.has(resource.type) ? rule.check(resource.inputs, resource, context) : [],
  };
}
