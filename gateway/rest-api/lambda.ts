import { functionName } from "../../lib/arn";
import { substituteStageVariables } from "./mapping/stage-variables";
import type { LambdaHandler } from "./options";
import type { Runtime } from "./runtime";

/** The handler of the function that an integration's or authorizer's uri invokes. */
export function findFunction(
  runtime: Runtime,
  uri: string,
  stageVariables: Record<string, string>,
): LambdaHandler | undefined {
  const name = functionName(substituteStageVariables(uri, stageVariables));
  const functions = runtime.options.functions;
  return name !== undefined && functions && Object.hasOwn(functions, name) ? functions[name] : undefined;
}

/** What the Lambda service reports for a function that threw. */
export interface FunctionError {
  errorMessage: string;
  errorType: string;
  trace?: string[];
}

export function functionError(thrown: unknown): FunctionError {
  if (typeof thrown === "string") return { errorMessage: thrown, errorType: "string" };
  const error = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Record<string, unknown>;
  return {
    errorMessage: String(error.errorMessage ?? error.message ?? thrown),
    errorType: String(error.errorType ?? error.name ?? "Error"),
    trace: typeof error.stack === "string" ? error.stack.split("\n") : [],
  };
}
