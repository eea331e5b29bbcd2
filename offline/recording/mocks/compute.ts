import { functionArn, invokeArn } from "../../../lib/arn";
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
      invokeArn: uriOf(fn),
      qualifiedArn: `${arn}:1`,
      qualifiedInvokeArn: uriOf(fn, "1"),
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
    const { region, environment } = alias;
    const qualifier = String(alias.inputs.name);
    const id = { region, accountId: environment.accountId, name: functionName(alias), qualifier };
    return { id: functionArn(id), arn: functionArn(id), invokeArn: invokeArn(id) };
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

function uriOf({ name, region, environment: { accountId } }: Creation, qualifier?: string): string {
  return invokeArn({ region, accountId, name, qualifier });
}
