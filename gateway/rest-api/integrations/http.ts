import type { Exchange } from "../exchange";
import { headerValue } from "../headers";
import type { Method } from "../model";
import type { Runtime } from "../runtime";
import { compileEndpoint } from "./backend";
import { BODILESS, backendHeaders, withQuery } from "./backend-request";
import { Collector, dispatch } from "./dispatch";
import { compileIntegrationRequest } from "./integration-request";
import { compileIntegrationResponse } from "./integration-response";

/** HTTP: the backend gets only what is mapped, and so does the client (recorded: test_apigateway_http[HTTP]). */
export function http(runtime: Runtime, method: Method): (exchange: Exchange) => Promise<void> {
  const { integration } = method;
  const toRequest = compileIntegrationRequest(runtime, method);
  const toResponse = compileIntegrationResponse(runtime, method);
  const endpointFor = compileEndpoint(integration);
  const dispatcher = runtime.dispatcher(integration.insecureSkipVerification);
  return async (exchange) => {
    const { parameters, body } = await toRequest(exchange);
    const endpoint = endpointFor(exchange, parameters.path);
    const verb = integration.httpMethod ?? exchange.method;
    const headers = backendHeaders(exchange, [], parameters.header, endpoint.authority);
    const contentType = exchange.header("content-type");
    if (
      contentType !== undefined &&
      headerValue(headers, "content-type") === undefined &&
      !BODILESS.has(exchange.method)
    ) {
      headers.push("Content-Type", contentType);
    }
    const collector = new Collector();
    await dispatch(
      dispatcher,
      {
        origin: endpoint.origin,
        path: withQuery(endpoint.path, Object.entries(parameters.querystring)),
        method: verb,
        headers,
        body: BODILESS.has(verb) ? null : body,
      },
      integration.timeoutMs,
      collector,
    );
    const { status, headers: received } = collector;
    toResponse(exchange, { status, headers: received, body: collector.body() }, String(status));
  };
}
