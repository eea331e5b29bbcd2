import type { BackendKind } from "../kind";
import { planPsc } from "./plan";
import { proxiesOf, pscBackendSchema } from "./schema";

/** Machines at PSC, the Pittsburgh Supercomputing Center, behind Nginx reverse proxies on EC2. */
export const psc: BackendKind<typeof pscBackendSchema> = {
  schema: pscBackendSchema,
  instances: proxiesOf,
  plan(services, context) {
    const { plans, findings } = planPsc(services, context);
    return {
      findings,
      create(stage) {
        // Loaded here, so that commands which only read settings do not load Pulumi's providers.
        const create: typeof import("./create") = require("./create");
        return create.createProxies(plans, context.psc, stage);
      },
    };
  },
};
