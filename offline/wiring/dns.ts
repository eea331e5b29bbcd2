import type { Resources } from "../model/resources";
import type { Recorded } from "../recording/aws-types";

/** Whether two domain names are equal, with or without the root's dot. */
export function sameName(one: unknown, other: unknown): boolean {
  return bare(one) === bare(other);
}

/** Whether the stack has zones for the record's name and the record is in none of them. */
export function inAnotherZone(
  { inputs }: Recorded<"aws:route53/record:Record">,
  resources: Resources,
): boolean {
  const name = bare(inputs.name);
  const zones = [
    ...resources.invokesOf("aws:route53/getZone:getZone").map(({ result }) => result),
    ...resources.ofType("aws:route53/zone:Zone").map(({ outputs }) => outputs),
  ].filter((zone) => name === bare(zone.name) || name.endsWith(`.${bare(zone.name)}`));
  return zones.length > 0 && !zones.some(({ zoneId }) => zoneId === inputs.zoneId);
}

function bare(name: unknown): string {
  return String(name).replace(/\.$/, "").toLowerCase();
}
