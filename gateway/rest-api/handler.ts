import type { Exchange } from "./exchange";

/** One step of a request. It throws a GatewayError to end the request with a gateway response. */
export type Handler = (exchange: Exchange) => void | Promise<void>;

/** Runs handlers in order until one has a response. */
export async function run(handlers: readonly Handler[], exchange: Exchange): Promise<void> {
  for (const handler of handlers) {
    // Awaiting only what is asynchronous spares every request a dozen turns of the event loop.
    const pending = handler(exchange);
    if (pending) await pending;
    if (exchange.methodResponse) return;
  }
}
