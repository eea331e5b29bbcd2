import type { FunctionBundles } from "../../../functions/build";
import { parseArn } from "../../../lib/arn";
import { UserError } from "../../../lib/error";
import { didYouMean } from "../../../lib/nearest";
import { Resources } from "../../../offline/model/resources";
import type { Recording } from "../../../offline/recording";
import type { Recorded } from "../../../offline/recording/aws-types";
import type { LoadOptions } from ".";

type RecordedFunction = Recorded<"aws:lambda/function:Function">;

/**
 * How to load a function that a stack declares, by its short name (`read`, `not-found`) or its logical name; failing
 * that one of the bundles, by its folder's name, with the shared layer and no variables.
 * @throws UserError with the stack's functions when there is none with this name
 */
export function recordedFunction(recording: Recording, name: string, bundles?: FunctionBundles): LoadOptions {
  const { stack } = recording;
  const functions = functionsOf(recording);
  const found = functions.find((resource) => resource.name === name || shortName(resource, stack) === name);
  if (found) return declaredFunction(found, recording);
  const bundle = Object.values(bundles ?? {}).find((one) => one.name === name && "handler" in one);
  if (bundles && bundle) {
    const layers = [bundles.layer.archive];
    return { ...bundle, layers, environment: {}, timeoutSeconds: 300, memoryMb: 256 };
  }
  const known = functions.map((resource) => shortName(resource, stack));
  throw new UserError(
    `The stack ${stack} declares no function ${name}.${didYouMean(name, known)} Its functions: ${known.join(", ") || "none"}`,
  );
}

/** The environment variables of each function that a stack declares. */
export function recordedEnvironments(recording: Recording): Record<string, string>[] {
  return functionsOf(recording).map(environmentOf);
}

function functionsOf(recording: Recording): RecordedFunction[] {
  return new Resources(recording).ofType("aws:lambda/function:Function");
}

function environmentOf({ inputs }: RecordedFunction): Record<string, string> {
  return inputs.environment?.variables ?? {};
}

function declaredFunction(declared: RecordedFunction, recording: Recording): LoadOptions {
  const { inputs, outputs } = declared;
  const { region, accountId } = parseArn(outputs.arn) ?? {};
  return {
    name: outputs.name,
    archive: archiveOf(inputs.code),
    layers: (inputs.layers ?? []).map((arn) => layerArchive(recording, arn)),
    handler: String(inputs.handler),
    environment: environmentOf(declared),
    timeoutSeconds: Number(inputs.timeout),
    memoryMb: Number(inputs.memorySize),
    region,
    accountId,
  };
}

function shortName({ name }: RecordedFunction, stack: string): string {
  return name.replace(`${stack}-`, "").replace(/(-authorizer|-caller)?-function$/, "");
}

function layerArchive({ stack, resources }: Recording, arn: string): string {
  const layer = resources.find(
    ({ type, outputs }) => type === "aws:lambda/layerVersion:LayerVersion" && outputs.arn === arn,
  );
  if (!layer) throw new Error(`A function uses the layer ${arn}, which the stack ${stack} does not declare`);
  return archiveOf(layer.inputs.code);
}

const archiveOf = (code: unknown) => String((code as { path?: string } | undefined)?.path);
