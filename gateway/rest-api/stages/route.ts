import { MissingAuthenticationToken } from "../errors";
import type { CompiledMethod } from "../gateway";
import { run, type Stage } from "../pipeline";
import type { Router } from "../router";

/** Finds the method and hands the request to its stages; 403 when there is none (recorded: test_routing_not_found). */
export function route(router: Router<CompiledMethod>): Stage {
  return (exchange) => {
    const match = router.find(exchange.method, exchange.path);
    if (!match) throw new MissingAuthenticationToken(`no method for ${exchange.method} ${exchange.path}`);
    exchange.target = match.target.method;
    exchange.pathParameters = match.pathParameters;
    return run(match.target.stages, exchange);
  };
}
