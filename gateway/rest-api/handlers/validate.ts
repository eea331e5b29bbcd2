import Ajv, { type ValidateFunction } from "ajv-draft-04";
import addFormats from "ajv-formats";
import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";
import type { Handler } from "../handler";
import { namedHeaders } from "../mapping/parameters";
import { entryFor } from "../media-type";
import type { Method } from "../model";
import { validationMessages } from "./validation-message";

/** Formats that API Gateway's validator checks; it ignores others, such as int32 and int64. */
const FORMATS = ["date-time", "email", "hostname", "ipv4", "ipv6", "uri", "regex"] as const;

/**
 * Basic request validation (guide: "Use request validation"): required parameters first, then the body against the model
 * of its content type, in JSON schema draft 4.
 */
export function validate(method: Method): Handler | undefined {
  const checks: ((exchange: Exchange) => void | Promise<void>)[] = [];
  if (method.validateParameters) {
    const check = parameterCheck(method);
    if (check) checks.push(check);
  }
  if (method.validateBody && method.models.size > 0) checks.push(bodyCheck(method));
  if (checks.length === 0) return undefined;
  return async (exchange) => {
    for (const check of checks) await check(exchange);
  };
}

/** Missing or blank parameters, in the order headers, path parameters, query parameters (recorded: test_api_gateway_request_validator). */
function parameterCheck(method: Method): ((exchange: Exchange) => void) | undefined {
  const required = method.parameters
    .filter((parameter) => parameter.required)
    .sort((a, b) => (`${a.location}.${a.name}` < `${b.location}.${b.name}` ? -1 : 1));
  if (required.length === 0) return undefined;
  return (exchange) => {
    const missing = required.filter(({ location, name }) => {
      if (location === "path") return !exchange.pathParameter(name);
      if (location === "querystring") return !exchange.query.get(name)?.trim();
      return !namedHeaders(exchange.headers, name).at(-1)?.trim();
    });
    if (missing.length === 0) return;
    const message = `Missing required request parameters: [${missing.map(({ name }) => name).join(", ")}]`;
    throw new GatewayError("BAD_REQUEST_PARAMETERS", "", { message, validationErrorString: message });
  };
}

function bodyCheck(method: Method): (exchange: Exchange) => Promise<void> {
  const validators = new Map([...method.models].map(([type, schema]) => [type, compileSchema(schema)]));
  return async (exchange) => {
    const found = entryFor(validators, exchange.header("content-type") ?? "application/json");
    // "If no matching content type is found, request validation is not performed."
    if (!found) return;
    const text = (await exchange.body()).toString("utf8");
    const problems = problemsOf(found[1], text);
    if (problems.length > 0)
      throw new GatewayError("BAD_REQUEST_BODY", "", { validationErrorString: `[${problems.join(", ")}]` });
  };
}

function problemsOf(validator: ValidateFunction, text: string): string[] {
  let value: unknown;
  try {
    // An empty body counts as an empty object (recorded: GET without a body).
    value = JSON.parse(text.trim() === "" ? "{}" : text);
  } catch {
    return ["Unable to parse the request body as JSON"];
  }
  if (validator(value)) return [];
  return validationMessages(validator.errors ?? []);
}

function compileSchema(schema: unknown): ValidateFunction {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    validateFormats: true,
    verbose: true,
    logger: false,
  });
  addFormats(ajv as never, [...FORMATS]);
  return ajv.compile(schema as object);
}
