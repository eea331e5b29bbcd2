import { readSignature } from "../authorizers/signature-header";
import { GatewayError } from "../errors";
import { type Handler, run } from "../handler";
import type { Method } from "../model";
import type { Router } from "../router";

/** A method and the handlers its requests need. */
export interface RoutedMethod {
  method: Method;
  handlers: Handler[];
}

/**
 * Finds the method and runs its handlers; 403 when there is none (recorded: test_routing_not_found). A request whose
 * Authorization header is not a signature gets that error instead.
 */
export function route(router: Router<RoutedMethod>): Handler {
  return (exchange) => {
    const match = router.find(exchange.method, exchange.path);
    if (!match) {
      if (exchange.header("authorization") !== undefined) readSignature(exchange);
      throw new GatewayError(
        "MISSING_AUTHENTICATION_TOKEN",
        `no method for ${exchange.method} ${exchange.path}`,
      );
    }
    exchange.target = match.target.method;
    exchange.pathParameters = match.pathParameters;
    return run(match.target.handlers, exchange);
  };
}
