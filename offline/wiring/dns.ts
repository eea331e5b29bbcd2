import type { Resources } from "../model/resources";
import type { RecordedResource } from "../recording";

/** Whether two domain names are one, with or without the root's dot. */
export function sameName(one: unknown, other: unknown): boolean {
  return bare(one) === bare(other);
}

/** Whether a record stands in another zone than the ones of this program that can hold its name, if there are any. */
export function inAnotherZone({ inputs }: RecordedResource, resources: Resources): boolean {
  const name = bare(inputs.name);
  const holders = [
    ...resources.invokesOf("aws:route53/getZone:getZone").map(({ result }) => result),
    ...resources.ofType("aws:route53/zone:Zone").map(({ outputs }) => outputs),
  ].filter((zone) => name === bare(zone.name) || name.endsWith(`.${bare(zone.name)}`));
  return holders.length > 0 && !holders.some(({ zoneId }) => zoneId === inputs.zoneId);
}

function bare(name: unknown): string {
  return String(name).replace(/\.$/, "").toLowerCase();
}
