import { UserError } from "../../../lib/error";
import { isObject, list } from "../../../policies/values";

/**
 * Types that Pulumi names by itself, and whose name AWS cannot change. An import knows their names as if the program had given them,
 * and a program that gives none would have them made anew under another. Listed among `__defaults` the name counts as Pulumi's own:
 * it stays, and a later replacement gets a new one.
 */
const NAMED_BY_PULUMI: Record<string, string> = {
  "aws:lb/loadBalancer:LoadBalancer": "name",
  "aws:lb/targetGroup:TargetGroup": "name",
  "aws:apigateway/vpcLink:VpcLink": "name",
  "aws:wafv2/ipSet:IpSet": "name",
  "aws:wafv2/webAcl:WebAcl": "name",
};

/**
 * A stack's exported state with the names of imported resources marked as Pulumi's own.
 *
 * @param text what `pulumi stack export` printed
 * @returns the state to hand to `pulumi stack import`, and the resources that were marked
 */
export function withAutomaticNames(text: string): { state: string; marked: string[] } {
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    throw new UserError("That is no exported state: pipe `pulumi stack export` into this.");
  }
  const deployment = isObject(state) && isObject(state.deployment) ? state.deployment : undefined;
  if (!deployment) throw new UserError("That is no exported state: it has no deployment.");
  const marked: string[] = [];
  for (const resource of list(deployment.resources).filter(isObject)) {
    const key = NAMED_BY_PULUMI[String(resource.type)];
    const { inputs } = resource;
    if (key === undefined || !isObject(inputs) || inputs[key] === undefined) continue;
    const defaults = list(inputs.__defaults);
    if (defaults.includes(key)) continue;
    inputs.__defaults = [...defaults, key];
    marked.push(String(resource.urn));
  }
  return { state: `${JSON.stringify(state, null, 4)}\n`, marked };
}
