import type { Mock } from "./mock";
import { base36, hex } from "./names";

/** Resources with an id of `length` characters, a name and an ARN of the form `/collection/id`. */
const named =
  (collection: string, length: number): Mock =>
  (api) => {
    const id = api.base36(length);
    return { id, name: api.name, arn: api.apiGatewayArn(`${collection}/${id}`) };
  };

/** aws:apigateway and aws:apigatewayv2. */
export const apiGateway: Record<string, Mock> = {
  "aws:apigateway/account:Account": ({ region }) => ({ id: "api-gateway-account", region }),

  "aws:apigateway/restApi:RestApi": (api) => {
    const common = named("restapis", 10)(api);
    return {
      ...common,
      executionArn: api.arn("execute-api", common.id),
      rootResourceId: base36(`${api.urn} root`, 10),
    };
  },

  // The id depends on the triggers because a change of them replaces the deployment.
  "aws:apigateway/deployment:Deployment": ({ urn, inputs }) => ({
    id: base36(`${urn} ${JSON.stringify(inputs.triggers)}`, 6),
    createdDate: "2025-01-01T00:00:00Z",
  }),

  "aws:apigateway/stage:Stage": (stage) => {
    const { restApi, stageName } = stage.inputs;
    return {
      id: `ags-${restApi}-${stageName}`,
      arn: stage.apiGatewayArn(`restapis/${restApi}/stages/${stageName}`),
      executionArn: stage.arn("execute-api", `${restApi}/${stageName}`),
      invokeUrl: `https://${restApi}.execute-api.${stage.region}.amazonaws.com/${stageName}`,
    };
  },

  "aws:apigateway/methodSettings:MethodSettings": ({ inputs }) => ({
    id: `${inputs.restApi}-${inputs.stageName}-${inputs.methodPath}`,
  }),

  "aws:apigateway/domainName:DomainName": (domain) => {
    const name = String(domain.inputs.domainName);
    return {
      id: name,
      arn: domain.apiGatewayArn(`domainnames/${name}`),
      domainNameId: domain.base36(10),
      regionalDomainName: `d-${domain.base36(10)}.execute-api.${domain.region}.amazonaws.com`,
      // Route 53's hosted zone of regional API Gateway endpoints in us-east-1.
      regionalZoneId: "Z1UJRXOUMOOFQ8",
      cloudfrontDomainName: `d${domain.base36(13)}.cloudfront.net`,
      cloudfrontZoneId: "Z2FDTNDATAQYW2",
    };
  },

  "aws:apigateway/basePathMapping:BasePathMapping": ({ inputs }) => ({
    id: `${inputs.domainName}/${inputs.basePath ?? ""}`,
  }),
  "aws:apigatewayv2/apiMapping:ApiMapping": (mapping) => ({ id: mapping.base36(6) }),

  "aws:apigateway/vpcLink:VpcLink": named("vpclinks", 6),
  "aws:apigatewayv2/vpcLink:VpcLink": named("vpclinks", 6),
  "aws:apigateway/usagePlan:UsagePlan": named("usageplans", 6),
  "aws:apigateway/apiKey:ApiKey": (key) => ({
    ...named("apikeys", 10)(key),
    value: key.inputs.value ?? hex(key.urn, 40),
  }),
  "aws:apigateway/usagePlanKey:UsagePlanKey": ({ inputs }) => ({
    id: String(inputs.keyId),
    name: inputs.keyId,
    value: "",
  }),
  "aws:apigateway/clientCertificate:ClientCertificate": (certificate) => ({
    id: certificate.base36(6),
    arn: certificate.apiGatewayArn(`clientcertificates/${certificate.base36(6)}`),
    pemEncodedCertificate: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
  }),
};
