import type { FunctionBundles } from "../../../functions/build";
import type { RecordedResource, Recording } from "../../../offline/recording";
import type { LoadOptions } from ".";

const functionType = "aws:lambda/function:Function";
const layerType = "aws:lambda/layerVersion:LayerVersion";

/**
 * How to load a function that a stack declares, by its name in short (`read`, `not-found`) or in full; else one
 * of the bundles, by its folder's name, with the shared layer and no variables.
 * @throws naming the stack's functions when there is none of this name.
 */
export function recordedFunction(recording: Recording, name: string, bundles?: FunctionBundles): LoadOptions {
  const functions = recording.resources.filter(({ type }) => type === functionType);
  const { stack } = recording;
  const names = [
    name,
    `${stack}-${name}-function`,
    `${stack}-${name}-authorizer-function`,
    `${stack}-${name}-caller-function`,
  ];
  const found = functions.find((resource) => names.includes(resource.name));
  const bundle = Object.values(bundles ?? {}).find((one) => one.name === name && "handler" in one);
  if (found === undefined && bundles && bundle) {
    const layers = [bundles.layer.archive];
    return { ...bundle, layers, environment: {}, timeoutSeconds: 300, memoryMb: 256 };
  }
  if (found === undefined) {
    const known = functions.map((resource) => shortName(resource, stack)).join(", ");
    throw new Error(`The stack ${stack} declares no function ${name}. It declares: ${known || "none"}`);
  }
  const { inputs, outputs } = found;
  const [, , , region, accountId] = String(outputs.arn).split(":");
  return {
    name: String(outputs.name),
    archive: archiveOf(inputs.code),
    layers: ((inputs.layers as string[] | undefined) ?? []).map((arn) => layerArchive(recording, arn)),
    handler: String(inputs.handler),
    environment: (inputs.environment as { variables?: Record<string, string> } | undefined)?.variables ?? {},
    timeoutSeconds: Number(inputs.timeout),
    memoryMb: Number(inputs.memorySize),
    region,
    accountId,
  };
}

/** The access levels of a stack, as its authorizers' environments say. */
export function recordedLevels(recording: Recording): { name: string; groups: string[] }[] {
  return recording.resources
    .filter(({ type }) => type === functionType)
    .map(
      ({ inputs }) => (inputs.environment as { variables?: Record<string, string> } | undefined)?.variables,
    )
    .flatMap((variables) =>
      variables?.ACCESS_LEVEL
        ? [{ name: variables.ACCESS_LEVEL, groups: JSON.parse(variables.ACCESS_GROUPS ?? "[]") }]
        : [],
    );
}

function shortName({ name }: RecordedResource, stack: string): string {
  return name.replace(`${stack}-`, "").replace(/(-authorizer|-caller)?-function$/, "");
}

function layerArchive({ stack, resources }: Recording, arn: string): string {
  const layer = resources.find(({ type, outputs }) => type === layerType && outputs.arn === arn);
  if (layer === undefined)
    throw new Error(`A function uses the layer ${arn}, which the stack ${stack} does not declare`);
  return archiveOf(layer.inputs.code);
}

const archiveOf = (code: unknown) => String((code as { path?: string } | undefined)?.path);
