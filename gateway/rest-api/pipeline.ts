import type { Exchange } from "./exchange";

/** A step a request takes. It throws a GatewayError to end the request with a gateway response. */
export type Stage = (exchange: Exchange) => void | Promise<void>;

/** Runs stages in order until one has an answer; waits only for those that are asynchronous. */
export async function run(stages: readonly Stage[], exchange: Exchange): Promise<void> {
  for (const stage of stages) {
    const pending = stage(exchange);
    if (pending) await pending;
    if (exchange.answer) return;
  }
}
