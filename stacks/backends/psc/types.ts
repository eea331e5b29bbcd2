import type { ProxyConfiguration } from "../../../components/backends/psc/nginx";
import type { PartnerRange } from "../../../components/backends/psc/psc-proxy";
import type { BackendService } from "../kind";
import type { PscBackendSettings } from "./schema";

export type PscService = BackendService<PscBackendSettings>;

/** One set of reverse proxies, managed by the stage or existing, and the services they forward. */
export interface PscPlan {
  name: string;
  /** IDs of existing instances. Default: the proxies are the stage's. */
  instances?: string[];
  configuration: ProxyConfiguration;
  partners: PartnerRange[];
}
