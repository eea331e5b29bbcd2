import type { Mapping, Model, Service } from "../model";
import type { ReportAt } from "./rules";

/** Each mapping must point to a stage of the API it names, and each API needs a mapping. */
export function mappingChecks(model: Model, at: ReportAt): void {
  for (const mapping of model.mappings) checkTarget(mapping, model, at);
  for (const service of model.services) {
    if (!model.mappings.some(({ apiId }) => apiId === service.restApi.id))
      at(`service ${service.name}`)("api-without-mapping");
    checkDeployments(service, model, at);
  }
  checkPaths(model, at);
}

function checkTarget({ resource, domainName, apiId, stageName }: Mapping, model: Model, at: ReportAt) {
  const report = at(`mapping ${resource.name}`);
  if (!model.resources.byId("aws:apigateway/domainName:DomainName", domainName))
    report("mapping-of-unknown-domain", domainName);
  const service = model.services.find(({ restApi }) => restApi.id === apiId);
  if (!service) return report("mapping-to-unknown-api", apiId);
  const stages = service.stages.map(({ name }) => name);
  if (!stages.includes(stageName)) report("mapping-to-another-stage", stageName, service.name, stages);
}

/** A stage serves a deployment of its own API. An id that the settings pin belongs to an earlier run. */
function checkDeployments({ name, restApi, stages }: Service, { resources }: Model, at: ReportAt): void {
  const report = at(`service ${name}`);
  for (const stage of stages) {
    const id = stage.resource.inputs.deployment;
    if (!id) {
      report("stage-without-deployment", stage.name);
      continue;
    }
    const deployment = resources.byId("aws:apigateway/deployment:Deployment", id);
    if (deployment && deployment.inputs.restApi !== restApi.id)
      report("deployment-of-another-api", stage.name, deployment.name);
  }
}

function checkPaths({ mappings }: Model, at: ReportAt): void {
  const owners = new Map<string, string>();
  for (const { domainName, basePath, resource } of mappings) {
    const path = `${domainName}/${basePath}`;
    const owner = owners.get(path);
    if (owner === undefined) owners.set(path, resource.name);
    else at(`mapping ${resource.name}`)("mappings-on-one-path", path, owner);
  }
}
