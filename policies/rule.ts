/**
 * What a policy sees of a resource: its declared properties, before AWS fills in the rest. The Pulumi engine and the offline
 * recording both give this much.
 */
export interface PolicyResource {
  urn: string;
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** The provider's id, once there is one. */
  id?: string;
  /** The `protect` option; undefined when the source cannot know it (a recording under mocks). */
  protect?: boolean;
  /** URNs that each property's value came from; undefined when the source cannot know it. */
  references?: Record<string, string[]>;
}

/** What the rules need to know of the stack they judge. */
export interface PolicyContext {
  /** Stack name. */
  stage: string;
  /** The stack that the public may call: no web ACL, but protection against deletion. */
  production: boolean;
}

interface RuleText {
  /** kebab-case id, the same in the policy pack and in the plan. */
  name: string;
  description: string;
  /** An advisory rule never stops an update. */
  advisory?: boolean;
}

/** Judges one resource at a time; returns what is wrong, each as a sentence that says what to do. */
export interface ResourceRule extends RuleText {
  check(resource: PolicyResource, context: PolicyContext): string[];
}

/** Judges resources together: what one lacks, another provides. */
export interface StackRule extends RuleText {
  checkStack(resources: PolicyResource[], context: PolicyContext): { urn: string; message: string }[];
}

export type Rule = ResourceRule | StackRule;

/** A rule that looks only at resources of the given types. */
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

/** The context of a stack, by the one convention there is: the stack called `prod` is production. */
export function contextOf(stage: string): PolicyContext {
  return { stage, production: stage === "prod" };
}
