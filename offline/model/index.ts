import type { RecordedResource, Recording } from "../recording";
import { type Definition, readDefinition } from "./definition";
import { Resources } from "./resources";

/** A recorded stack as a request sees it: services, and what every id and ARN in them leads to. */
export interface Model {
  stack: string;
  region: string;
  accountId: string;
  resources: Resources;
  services: Service[];
  mappings: Mapping[];
}

/** One REST API and what belongs to it. */
export interface Service {
  /** Name of the component that owns the API, else the API's own. */
  name: string;
  restApi: RecordedResource;
  definition: Definition;
  /** `arn:aws:execute-api:REGION:ACCOUNT:API` */
  executionArn: string;
  stages: ApiStage[];
}

export interface ApiStage {
  name: string;
  resource: RecordedResource;
  variables: Record<string, string>;
}

/** A path below a custom domain name that leads to an API's stage. */
export interface Mapping {
  resource: RecordedResource;
  domainName: string;
  /** Without slashes at either end; empty for the root. */
  basePath: string;
  /** What the mapping names, whether it exists or not. */
  apiId: string;
  stageName: string;
}

export function modelOf(recording: Recording): Model {
  const resources = new Resources(recording);
  const services = resources.ofType("aws:apigateway/restApi:RestApi").map((api) => serviceOf(api, resources));
  const [, , , region = "us-east-1", accountId = "123456789012"] = services[0]?.executionArn.split(":") ?? [];
  return { stack: recording.stack, region, accountId, resources, services, mappings: mappingsOf(resources) };
}

function serviceOf(restApi: RecordedResource, resources: Resources): Service {
  const owner = resources.ancestors(restApi).find(({ type }) => type.endsWith(":ApiService"));
  return {
    name: owner?.name ?? String(restApi.outputs.name),
    restApi,
    definition: readDefinition(restApi.inputs.body),
    executionArn: String(restApi.outputs.executionArn),
    stages: resources.where("aws:apigateway/stage:Stage", "restApi", restApi.id).map((resource) => ({
      name: String(resource.outputs.stageName),
      resource,
      variables: (resource.outputs.variables as Record<string, string> | undefined) ?? {},
    })),
  };
}

function mappingsOf(resources: Resources): Mapping[] {
  const v2 = resources.ofType("aws:apigatewayv2/apiMapping:ApiMapping").map((resource) => ({
    resource,
    domainName: String(resource.outputs.domainName),
    basePath: String(resource.outputs.apiMappingKey ?? ""),
    apiId: String(resource.outputs.apiId),
    stageName: String(resource.outputs.stage),
  }));
  const v1 = resources.ofType("aws:apigateway/basePathMapping:BasePathMapping").map((resource) => ({
    resource,
    domainName: String(resource.outputs.domainName),
    basePath: String(resource.outputs.basePath ?? ""),
    apiId: String(resource.outputs.restApi),
    stageName: String(resource.outputs.stageName),
  }));
  return [...v2, ...v1];
}

/** The service and stage that a mapping leads to, if they exist. */
export function destinationOf(
  mapping: Mapping,
  model: Model,
): { service: Service; stage: ApiStage } | undefined {
  const service = model.services.find(({ restApi }) => restApi.id === mapping.apiId);
  const stage = service?.stages.find(({ name }) => name === mapping.stageName);
  return service && stage ? { service, stage } : undefined;
}

/** The recorded function that a Lambda invoke ARN calls. */
export function functionOf(uri: string, { resources }: Model): RecordedResource | undefined {
  const arn = /\/functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1];
  return resources
    .ofType("aws:lambda/function:Function")
    .find(({ outputs }) => outputs.arn === arn || outputs.qualifiedArn === arn);
}
