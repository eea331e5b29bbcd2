import { isObject } from "../../lib/json";

/** The part of an API Gateway Lambda proxy event (payload 1.0) that the functions read. */
export interface ProxyEvent {
  path?: string;
  httpMethod?: string;
  pathParameters?: Record<string, string | undefined> | null;
  queryStringParameters?: Record<string, string | undefined> | null;
  multiValueQueryStringParameters?: Record<string, string[] | undefined> | null;
}

/** A Lambda proxy response. */
export interface ProxyResult {
  statusCode: number;
  headers?: Record<string, string>;
  body: string;
}

/** A proxy response with a JSON body; `headers` are added to the content type. */
export function json(statusCode: number, body: unknown, headers: Record<string, string> = {}): ProxyResult {
  return {
    statusCode,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

/**
 * The CORS headers of a proxy response, from the environment variable `CORS_HEADERS`: a JSON object of header name to
 * value, from the stage's settings. Absent: none.
 * @throws when the variable is not a JSON object of strings.
 */
export function corsHeaders(environment: NodeJS.ProcessEnv): Record<string, string> {
  const text = environment.CORS_HEADERS;
  if (!text) return {};
  const headers: unknown = JSON.parse(text);
  if (!isObject(headers)) throw new Error("CORS_HEADERS is not a JSON object");
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== "string") throw new Error(`CORS_HEADERS: the value of ${name} is not a string`);
  }
  return headers as Record<string, string>;
}
