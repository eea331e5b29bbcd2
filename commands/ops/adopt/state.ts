import { UserError } from "../../../lib/error";
import { asArray, isObject } from "../../../lib/json";

/**
 * Types with auto-naming whose name AWS cannot change. An import records their names as if the program had set them, and a program
 * that sets none would replace them. In `__defaults` a name counts as auto-named: it is kept, and a replacement gets a new one.
 */
const AUTO_NAMED: Record<string, string> = {
  "aws:lb/loadBalancer:LoadBalancer": "name",
  "aws:lb/targetGroup:TargetGroup": "name",
  "aws:apigateway/vpcLink:VpcLink": "name",
  "aws:wafv2/ipSet:IpSet": "name",
  "aws:wafv2/webAcl:WebAcl": "name",
};

/**
 * A stack's exported state with the names of imported resources marked as auto-named.
 *
 * @param text output of `pulumi stack export`
 * @returns the state for `pulumi stack import`, and the URNs that were marked
 */
export function withAutomaticNames(text: string): { state: string; marked: string[] } {
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    throw new UserError(
      "Not a Pulumi state export: it is not JSON. Pipe `pulumi stack export` into this command.",
    );
  }
  const deployment = isObject(state) && isObject(state.deployment) ? state.deployment : undefined;
  if (!deployment) throw new UserError("Not a Pulumi state export: `deployment` is missing.");
  const marked: string[] = [];
  for (const resource of asArray(deployment.resources).filter(isObject)) {
    const key = AUTO_NAMED[String(resource.type)];
    const { inputs } = resource;
    if (key === undefined || !isObject(inputs) || inputs[key] === undefined) continue;
    const defaults = asArray(inputs.__defaults);
    if (defaults.includes(key)) continue;
    inputs.__defaults = [...defaults, key];
    marked.push(String(resource.urn));
  }
  return { state: `${JSON.stringify(state, null, 4)}\n`, marked };
}
