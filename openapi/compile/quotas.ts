import { type JsonObject, ownObject } from "../json";
import { countResources, DEFINITION_BYTES, RESOURCES } from "../resource-count";
import type { Context } from "./context";

/** What AWS would refuse of the finished definition for its size. */
export function checkQuotas(definition: JsonObject, context: Context): void {
  const quota = context.settings.quotas?.resources ?? RESOURCES;
  const resources = countResources(Object.keys(ownObject(definition, "paths") ?? {}));
  if (resources > quota) {
    const message = `The definition has ${resources} resources; an API may have ${quota}. Split the API, or have the quota raised and write it into the settings (quotas.resources).`;
    context.finding("error", "resource-quota", ["paths"], message);
  }
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  if (bytes > DEFINITION_BYTES) {
    const size = (bytes / 1024 / 1024).toFixed(1);
    const message = `The definition has ${size} MB; AWS takes 6. Split the API, or leave the models out (settings: models: false).`;
    context.finding("error", "definition-size", [], message);
  }
}
