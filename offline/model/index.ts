import { invokedFunction, parseArn } from "../../lib/arn";
import type { Recorded } from "../recording/aws-types";
import type { RecordedResource, Recording } from "../recording/recorded";
import { type Definition, readDefinition } from "./definition";
import { Resources } from "./resources";

export { substitute } from "./definition";

/** A recorded stack from a request's point of view: services, and the resources behind every id and ARN in them. */
export interface Model {
  stack: string;
  region: string;
  accountId: string;
  resources: Resources;
  services: Service[];
  mappings: Mapping[];
}

/** A REST API with its definition and stages. */
export interface Service {
  /** Name of the ApiService component; without one, the API's name. */
  name: string;
  restApi: Recorded<"aws:apigateway/restApi:RestApi">;
  definition: Definition;
  /** `arn:aws:execute-api:REGION:ACCOUNT:API` */
  executionArn: string;
  stages: ApiStage[];
}

export interface ApiStage {
  name: string;
  resource: Recorded<"aws:apigateway/stage:Stage">;
  variables: Record<string, string>;
}

/** An API's stage under a path of a custom domain name. */
export interface Mapping {
  resource: RecordedResource;
  domainName: string;
  /** Without slashes at either end; empty for the root. */
  basePath: string;
  /** As the mapping names them, whether they exist or not. */
  apiId: string;
  stageName: string;
}

export function modelOf(recording: Recording): Model {
  const resources = new Resources(recording);
  const services = resources.ofType("aws:apigateway/restApi:RestApi").map((api) => serviceOf(api, resources));
  const { region = "us-east-1", accountId = "123456789012" } =
    parseArn(services[0]?.executionArn ?? "") ?? {};
  return { stack: recording.stack, region, accountId, resources, services, mappings: mappingsOf(resources) };
}

/** The service that a resource belongs to: the nearest ApiService component around it. */
export function ownerOf(resource: { parent?: string }, resources: Resources): string | undefined {
  return resources.ancestors(resource).find(({ type }) => type.endsWith(":ApiService"))?.name;
}

function serviceOf(restApi: Service["restApi"], resources: Resources): Service {
  return {
    name: ownerOf(restApi, resources) ?? restApi.outputs.name,
    restApi,
    definition: readDefinition(restApi.inputs.body),
    executionArn: restApi.outputs.executionArn,
    stages: resources.where("aws:apigateway/stage:Stage", "restApi", restApi.id).map((resource) => ({
      name: resource.outputs.stageName,
      resource,
      variables: resource.outputs.variables ?? {},
    })),
  };
}

function mappingsOf(resources: Resources): Mapping[] {
  const v2 = resources.ofType("aws:apigatewayv2/apiMapping:ApiMapping").map((resource) => {
    const { domainName, apiMappingKey = "", apiId, stage } = resource.outputs;
    return { resource, domainName, basePath: apiMappingKey, apiId, stageName: stage };
  });
  const v1 = resources.ofType("aws:apigateway/basePathMapping:BasePathMapping").map((resource) => {
    const { domainName, basePath = "", restApi, stageName = "" } = resource.outputs;
    return { resource, domainName, basePath, apiId: restApi, stageName };
  });
  return [...v2, ...v1];
}

/** The service and stage that a mapping points to, if they exist. */
export function destinationOf(
  mapping: Mapping,
  model: Model,
): { service: Service; stage: ApiStage } | undefined {
  const service = model.services.find(({ restApi }) => restApi.id === mapping.apiId);
  const stage = service?.stages.find(({ name }) => name === mapping.stageName);
  return service && stage ? { service, stage } : undefined;
}

/** The recorded function that a Lambda invoke ARN calls. */
export function functionOf(
  uri: string,
  { resources }: Model,
): Recorded<"aws:lambda/function:Function"> | undefined {
  const arn = invokedFunction(uri);
  return resources
    .ofType("aws:lambda/function:Function")
    .find(({ outputs }) => outputs.arn === arn || outputs.qualifiedArn === arn);
}
