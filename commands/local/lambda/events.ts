import * as fs from "node:fs";
import { UserError } from "../../../lib/error";

/**
 * The event that an argument describes: JSON, a file or `-` (standard input) with JSON, a token for an authorizer, or
 * `METHOD /path` for a function behind routes.
 * @throws UserError when it is none of these
 */
export function readEvent(text: string, isAuthorizer: boolean): unknown {
  const content =
    text === "-"
      ? fs.readFileSync(0, "utf8").trim()
      : fs.existsSync(text)
        ? fs.readFileSync(text, "utf8")
        : text;
  if (/^\s*[[{"]/.test(content)) {
    try {
      return JSON.parse(content);
    } catch (error) {
      throw new UserError(`The event is not valid JSON: ${(error as Error).message}`);
    }
  }
  if (isAuthorizer && !looksLikeFile(content)) return tokenEvent(content);
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(content) ?? [];
  if (method && path) return proxyEvent(method, path);
  if (looksLikeFile(content)) throw new UserError(`There is no file ${content}.`);
  throw new UserError(
    `The event is ${content.slice(0, 80)}; accepted: JSON, a file with JSON, or METHOD /path`,
  );
}

/** A path or a file name with an extension; a JWT has two dots and no slash. */
function looksLikeFile(text: string): boolean {
  return /^\.{0,2}\/|\.json$/.test(text);
}

function tokenEvent(token: string): unknown {
  return {
    type: "TOKEN",
    authorizationToken: `Bearer ${token}`,
    methodArn: "arn:aws:execute-api:us-east-1:123456789012:example/dev/GET/resource",
  };
}

function proxyEvent(httpMethod: string, target: string): unknown {
  const url = new URL(target, "http://localhost");
  const path = target.split("?")[0] ?? "/";
  const names = [...new Set(url.searchParams.keys())];
  const query = Object.fromEntries(names.map((name) => [name, url.searchParams.getAll(name)]));
  return {
    resource: path === "/" ? "/" : "/{proxy+}",
    path,
    httpMethod,
    headers: {},
    queryStringParameters:
      names.length > 0 ? Object.fromEntries(names.map((name) => [name, query[name]?.at(-1)])) : null,
    multiValueQueryStringParameters: names.length > 0 ? query : null,
    pathParameters: path === "/" ? null : { proxy: path.slice(1) },
    requestContext: { accountId: "123456789012", apiId: "example", stage: "dev", httpMethod, path },
    body: null,
    isBase64Encoded: false,
  };
}
