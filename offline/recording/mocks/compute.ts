import type { Creation, Mock } from "./mock";
import { physicalName } from "./names";

/** aws:lambda. */
export const compute: Record<string, Mock> = {
  "aws:lambda/function:Function": (fn) => {
    const arn = fn.arn("lambda", `function:${fn.name}`);
    return {
      id: fn.name,
      name: fn.name,
      arn,
      invokeArn: invokeArn(fn, arn),
      qualifiedArn: `${arn}:1`,
      qualifiedInvokeArn: invokeArn(fn, `${arn}:1`),
      version: "1",
      // The provider's defaults.
      timeout: fn.inputs.timeout ?? 3,
      memorySize: fn.inputs.memorySize ?? 128,
    };
  },

  "aws:lambda/layerVersion:LayerVersion": (layer) => {
    const layerArn = layer.arn("lambda", `layer:${layer.inputs.layerName}`);
    return { id: `${layerArn}:1`, arn: `${layerArn}:1`, layerArn, version: "1" };
  },

  "aws:lambda/permission:Permission": ({ urn, declared, inputs }) => {
    const statementId = physicalName(inputs.statementId, declared.name, urn);
    return { id: statementId, statementId };
  },

  "aws:lambda/alias:Alias": (alias) => {
    const arn = alias.arn("lambda", `function:${functionName(alias)}:${alias.inputs.name}`);
    return { id: arn, arn, invokeArn: invokeArn(alias, arn) };
  },

  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": configuration,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": configuration,
};

function configuration(config: Creation): ReturnType<Mock> {
  return { id: `${functionName(config)},${config.hex(6)}` };
}

function functionName({ inputs }: Creation): string {
  return String(inputs.functionName).split(":").at(-1) ?? "";
}

/** The URI by which API Gateway calls a function. */
function invokeArn({ region }: Creation, functionArn: string): string {
  return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}
