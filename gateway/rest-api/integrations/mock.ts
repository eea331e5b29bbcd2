import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";
import type { Method } from "../model";
import type { Runtime } from "../runtime";
import { compileIntegrationRequest } from "./integration-request";
import { compileIntegrationResponse } from "./integration-response";

/** MOCK: the request template sets the status of the "backend" (guide: "Set up mock integrations"). */
export function mock(runtime: Runtime, method: Method): (exchange: Exchange) => Promise<void> {
  const toRequest = compileIntegrationRequest(runtime, method);
  const toResponse = compileIntegrationResponse(runtime, method);
  return async (exchange) => {
    const { body } = await toRequest(exchange);
    const status = mockStatus(body.toString("utf8"));
    if (status === undefined) {
      throw new GatewayError(
        "DEFAULT_5XX",
        "Unable to parse statusCode. It should be an integer that is defined in the request template",
      );
    }
    toResponse(
      exchange,
      { status, headers: ["Content-Type", "application/json"], body: Buffer.alloc(0) },
      String(status),
    );
  };
}

/**
 * The integer `statusCode` in what the request template rendered. AWS reads JSON leniently: `{statusCode: 200}`, as CDK
 * writes it, works (recorded: test_integration_mock_…).
 */
export function mockStatus(text: string): number | undefined {
  const strict = jsonStatus(text);
  if (strict !== null) return strict;
  const inner = /^\s*\{(.+)\}\s*$/s.exec(text)?.[1];
  if (inner === undefined) return undefined;
  let status: number | undefined;
  for (const pair of inner.split(",").map((part) => part.trim())) {
    if (pair === "") continue;
    const colon = pair.indexOf(":");
    if (colon < 0) return undefined;
    const key = pair.slice(0, colon).trim();
    const value = pair.slice(colon + 1).trim();
    if (/^(statusCode|'statusCode'|"statusCode")$/.test(key)) {
      if (!/^-?\d+$/.test(value)) return undefined;
      status = Number(value);
    } else if (!wellFormed(key) || /^[[{]/.test(key)) return undefined;
  }
  return status;
}

/** An opening quote has to be closed. */
function wellFormed(token: string): boolean {
  const quote = token[0];
  return quote !== '"' && quote !== "'" ? true : token.length >= 2 && token.endsWith(quote);
}

/** Null when the text is not JSON. */
function jsonStatus(text: string): number | undefined | null {
  try {
    const value: unknown = JSON.parse(text);
    const status =
      typeof value === "object" && value !== null
        ? (value as { statusCode?: unknown }).statusCode
        : undefined;
    return Number.isInteger(status) ? (status as number) : undefined;
  } catch {
    return null;
  }
}
