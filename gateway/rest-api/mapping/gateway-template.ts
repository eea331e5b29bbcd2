import { at } from "../../../lib/json";
import type { Exchange } from "../exchange";
import { requestContext } from "../request-context";

/**
 * Gateway responses support only "simple variable substitutions", not VTL: `$context.…`, `$stageVariables.…` and
 * `$method.request.…` (guide: "Gateway responses in API Gateway"). Unknown references render as empty text.
 */
export function renderGatewayTemplate(exchange: Exchange, template: string): string {
  const root = variables(exchange);
  return template.replace(
    /\$(?:\{((?:context|stageVariables|method)\.[\w.$-]+)\}|((?:context|stageVariables)(?:\.\w+)+|method(?:\.[\w-]+)+))/g,
    (_, braced?: string, plain?: string) => textOf(resolve(exchange, root, (braced ?? plain) as string)),
  );
}

/** A header's source: `'static'`, `context.…`, `stageVariables.…`, `method.request.…` or `method.input.params.…`. */
export function gatewayHeader(exchange: Exchange, source: string): string | undefined {
  if (source.startsWith("'") && source.endsWith("'") && source.length > 1) return source.slice(1, -1);
  const value = resolve(exchange, variables(exchange), source);
  return value === undefined || value === null ? undefined : textOf(value);
}

function variables(exchange: Exchange): Record<string, unknown> {
  const error = exchange.error;
  return {
    context: {
      ...requestContext(exchange),
      error: error && {
        message: error.text,
        messageString: JSON.stringify(error.text),
        responseType: error.type,
        validationErrorString: error.validationErrorString,
      },
    },
    stageVariables: exchange.stageVariables,
  };
}

function resolve(exchange: Exchange, root: Record<string, unknown>, path: string): unknown {
  const parts = path.split(".");
  if (parts[0] !== "method") return at(root, parts);
  const name = parts.slice(3).join(".");
  if (parts[1] === "input") {
    const all = parts.slice(3).join(".");
    return exchange.pathParameter(all) ?? exchange.query.get(all) ?? exchange.header(all.toLowerCase());
  }
  switch (parts[2]) {
    case "path":
      return exchange.pathParameter(name);
    case "querystring":
      return exchange.query.get(name);
    case "header":
      return exchange.header(name.toLowerCase());
    default:
      return undefined;
  }
}

const textOf = (value: unknown): string => {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};
