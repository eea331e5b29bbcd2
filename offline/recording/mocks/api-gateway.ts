import { base36, hex, physicalName } from "./names";
import type { Mock } from "./resources";

/** aws:apigateway and aws:apigatewayv2. */
export const apiGateway: Record<string, Mock> = {
  "aws:apigateway/account:Account": (_, { region }) => ({ id: "api-gateway-account", outputs: { region } }),

  "aws:apigateway/restApi:RestApi": ({ urn, name, inputs }, { region, accountId }) => {
    const id = base36(urn, 10);
    return {
      id,
      outputs: {
        name: physicalName(inputs.name, name, urn),
        arn: `arn:aws:apigateway:${region}::/restapis/${id}`,
        executionArn: `arn:aws:execute-api:${region}:${accountId}:${id}`,
        rootResourceId: base36(`${urn} root`, 10),
      },
    };
  },

  // The id changes with the triggers, as a replacement would change it.
  "aws:apigateway/deployment:Deployment": ({ urn, inputs }) => ({
    id: base36(`${urn} ${JSON.stringify(inputs.triggers)}`, 6),
    outputs: { createdDate: "2025-01-01T00:00:00Z" },
  }),

  "aws:apigateway/stage:Stage": ({ inputs }, { region, accountId }) => {
    const { restApi, stageName } = inputs as { restApi: string; stageName: string };
    return {
      id: `ags-${restApi}-${stageName}`,
      outputs: {
        arn: `arn:aws:apigateway:${region}::/restapis/${restApi}/stages/${stageName}`,
        executionArn: `arn:aws:execute-api:${region}:${accountId}:${restApi}/${stageName}`,
        invokeUrl: `https://${restApi}.execute-api.${region}.amazonaws.com/${stageName}`,
      },
    };
  },

  "aws:apigateway/methodSettings:MethodSettings": ({ inputs }) => ({
    id: `${inputs.restApi}-${inputs.stageName}-${inputs.methodPath}`,
    outputs: {},
  }),

  "aws:apigateway/vpcLink:VpcLink": ({ urn, name, inputs }, { region }) => {
    const id = base36(urn, 6);
    return {
      id,
      outputs: {
        name: physicalName(inputs.name, name, urn),
        arn: `arn:aws:apigateway:${region}::/vpclinks/${id}`,
      },
    };
  },

  "aws:apigateway/domainName:DomainName": ({ urn, inputs }, { region }) => {
    const domainName = inputs.domainName as string;
    const target = `d-${base36(urn, 10)}.execute-api.${region}.amazonaws.com`;
    return {
      id: domainName,
      outputs: {
        arn: `arn:aws:apigateway:${region}::/domainnames/${domainName}`,
        domainNameId: base36(urn, 10),
        regionalDomainName: target,
        // Route 53's hosted zone of regional API Gateway endpoints in us-east-1.
        regionalZoneId: "Z1UJRXOUMOOFQ8",
        cloudfrontDomainName: `d${base36(urn, 13)}.cloudfront.net`,
        cloudfrontZoneId: "Z2FDTNDATAQYW2",
      },
    };
  },

  "aws:apigateway/basePathMapping:BasePathMapping": ({ inputs }) => ({
    id: `${inputs.domainName}/${inputs.basePath ?? ""}`,
    outputs: {},
  }),

  "aws:apigateway/usagePlan:UsagePlan": ({ urn, name, inputs }, { region }) => {
    const id = base36(urn, 6);
    return {
      id,
      outputs: {
        name: physicalName(inputs.name, name, urn),
        arn: `arn:aws:apigateway:${region}::/usageplans/${id}`,
      },
    };
  },

  "aws:apigateway/apiKey:ApiKey": ({ urn, name, inputs }, { region }) => {
    const id = base36(urn, 10);
    return {
      id,
      outputs: {
        name: physicalName(inputs.name, name, urn),
        arn: `arn:aws:apigateway:${region}::/apikeys/${id}`,
        value: inputs.value ?? hex(urn, 40),
      },
    };
  },

  "aws:apigateway/usagePlanKey:UsagePlanKey": ({ inputs }) => ({
    id: inputs.keyId as string,
    outputs: { name: inputs.keyId, value: "" },
  }),

  "aws:apigateway/clientCertificate:ClientCertificate": ({ urn }, { region }) => ({
    id: base36(urn, 6),
    outputs: {
      arn: `arn:aws:apigateway:${region}::/clientcertificates/${base36(urn, 6)}`,
      pemEncodedCertificate: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
    },
  }),

  "aws:apigatewayv2/apiMapping:ApiMapping": ({ urn }) => ({ id: base36(urn, 6), outputs: {} }),

  "aws:apigatewayv2/vpcLink:VpcLink": ({ urn, name, inputs }, { region }) => {
    const id = base36(urn, 6);
    return {
      id,
      outputs: {
        name: physicalName(inputs.name, name, urn),
        arn: `arn:aws:apigateway:${region}::/vpclinks/${id}`,
      },
    };
  },
};
