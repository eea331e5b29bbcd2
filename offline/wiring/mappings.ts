import type { Finding } from "../../openapi";
import type { Mapping, Model, Service } from "../model";
import { broken } from ".";

/** Each mapping must lead to a stage of the API it names, and each API must be reached by one. */
export function mappingFindings(model: Model): Finding[] {
  return [
    ...model.mappings.flatMap((mapping) => destinationFindings(mapping, model)),
    ...model.services.flatMap((service) => [
      ...unmapped(service, model),
      ...deploymentFindings(service, model),
    ]),
    ...sharedPaths(model),
  ];
}

function destinationFindings(mapping: Mapping, model: Model): Finding[] {
  const where = `mapping ${mapping.resource.name}`;
  const findings: Finding[] = [];
  if (!model.resources.byId("aws:apigateway/domainName:DomainName", mapping.domainName)) {
    findings.push(
      broken("mapping-of-unknown-domain", where, `no domain name of this stack is ${mapping.domainName}.`),
    );
  }
  const service = model.services.find(({ restApi }) => restApi.id === mapping.apiId);
  if (!service) {
    findings.push(
      broken("mapping-to-unknown-api", where, `no API of this stack has the id ${mapping.apiId}.`),
    );
  } else if (!service.stages.some(({ name }) => name === mapping.stageName)) {
    const stages = service.stages.map(({ name }) => name).join(", ") || "none";
    findings.push(
      broken(
        "mapping-to-another-stage",
        where,
        `it leads to stage ${mapping.stageName} of ${service.name}, whose stages are: ${stages}.`,
      ),
    );
  }
  return findings;
}

function unmapped(service: Service, model: Model): Finding[] {
  if (model.mappings.some(({ apiId }) => apiId === service.restApi.id)) return [];
  return [
    broken(
      "api-without-mapping",
      `service ${service.name}`,
      "no mapping leads a domain name to it: nobody can call it.",
    ),
  ];
}

/** A stage serves a deployment of its own API; an id that the settings pin is of an earlier run. */
function deploymentFindings({ name, restApi, stages }: Service, { resources }: Model): Finding[] {
  const where = `service ${name}`;
  return stages.flatMap((stage) => {
    const id = stage.resource.inputs.deployment;
    if (!id) {
      return [
        broken("stage-without-deployment", where, `stage ${stage.name} names no deployment: AWS refuses it.`),
      ];
    }
    const deployment = resources.byId("aws:apigateway/deployment:Deployment", id);
    if (!deployment || deployment.inputs.restApi === restApi.id) return [];
    return [
      broken(
        "deployment-of-another-api",
        where,
        `stage ${stage.name} serves deployment ${deployment.name}, which is of another API.`,
      ),
    ];
  });
}

function sharedPaths({ mappings }: Model): Finding[] {
  const seen = new Map<string, Mapping>();
  return mappings.flatMap((mapping) => {
    const place = `${mapping.domainName}/${mapping.basePath}`;
    const first = seen.get(place);
    seen.set(place, first ?? mapping);
    if (!first) return [];
    return [
      broken(
        "mappings-on-one-path",
        `mapping ${mapping.resource.name}`,
        `${place} belongs to mapping ${first.resource.name} already: give one of the services a basePath.`,
      ),
    ];
  });
}
