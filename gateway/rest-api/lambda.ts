import { substituteStageVariables } from "./mapping/stage-variables";
import type { LambdaHandler } from "./options";
import type { Runtime } from "./runtime";

/**
 * Name of the function (without its qualifier) that an integration's or authorizer's uri invokes:
 * `arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]/invocations`.
 * Undefined when the uri is of no such form.
 */
export function functionName(uri: string): string | undefined {
  const match = /:lambda:path\/[^/]+\/functions\/(.+?)\/(?:invocations|response-streaming-invocations)/.exec(
    uri,
  );
  const arn = match?.[1];
  if (!arn) return undefined;
  const parts = arn.split(":");
  return arn.startsWith("arn:") ? parts[6] : parts[0];
}

/** Finds the handlers once per distinct uri; with stage variables in it the uri is completed first. */
export function findFunction(
  runtime: Runtime,
  uri: string,
  stageVariables: Record<string, string>,
): LambdaHandler | undefined {
  const name = functionName(uri.includes("${") ? substituteStageVariables(uri, stageVariables) : uri);
  const functions = runtime.options.functions;
  return name !== undefined && functions && Object.hasOwn(functions, name) ? functions[name] : undefined;
}

/** What a function that threw says of it, as the Lambda service would. */
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
