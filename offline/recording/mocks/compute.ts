import { hex, physicalName } from "./names";
import type { Declared, Mock } from "./resources";

/** aws:lambda. */
export const compute: Record<string, Mock> = {
  "aws:lambda/function:Function": ({ urn, name, inputs }, { region, accountId }) => {
    const physical = physicalName(inputs.name, name, urn);
    const arn = `arn:aws:lambda:${region}:${accountId}:function:${physical}`;
    return {
      id: physical,
      outputs: {
        name: physical,
        arn,
        invokeArn: invokeArn(region, arn),
        qualifiedArn: `${arn}:1`,
        qualifiedInvokeArn: invokeArn(region, `${arn}:1`),
        version: "1",
        // The provider's own defaults where the program gives none.
        timeout: inputs.timeout ?? 3,
        memorySize: inputs.memorySize ?? 128,
      },
    };
  },

  "aws:lambda/layerVersion:LayerVersion": ({ inputs }, { region, accountId }) => {
    const layerArn = `arn:aws:lambda:${region}:${accountId}:layer:${inputs.layerName}`;
    const arn = `${layerArn}:1`;
    return { id: arn, outputs: { arn, layerArn, version: "1" } };
  },

  "aws:lambda/permission:Permission": ({ urn, name, inputs }) => {
    const statementId = physicalName(inputs.statementId, name, urn);
    return { id: statementId, outputs: { statementId } };
  },

  "aws:lambda/alias:Alias": ({ inputs }, { region, accountId }) => {
    const arn = `arn:aws:lambda:${region}:${accountId}:function:${functionName(inputs)}:${inputs.name}`;
    return { id: arn, outputs: { arn, invokeArn: invokeArn(region, arn) } };
  },

  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": named,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": named,
};

function named({ urn, inputs }: Declared): ReturnType<Mock> {
  return { id: `${functionName(inputs)},${hex(urn, 6)}`, outputs: {} };
}

function functionName(inputs: Declared["inputs"]): string {
  return String(inputs.functionName).split(":").at(-1) ?? "";
}

/** The URI by which API Gateway calls a function. */
function invokeArn(region: string, functionArn: string): string {
  return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}
