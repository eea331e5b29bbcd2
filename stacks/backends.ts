import type { Backend } from "../components/backends/backend";
import { Ec2Backend } from "../components/backends/ec2-backend";
import type { PscProxies } from "./psc";
import { instancesOf } from "./psc-plan";
import type { ServiceSettings } from "./settings";

/** What a service's settings name as its backend. */
export function backendOf({ backend, name }: ServiceSettings, proxies: PscProxies): Backend {
  const found =
    backend.instances !== undefined ? new Ec2Backend(backend.instances) : proxies.backends.get(name);
  if (!found) throw new Error(`${name} has no backend`);
  return found;
}

/** Ids of the existing instances to which the load balancer sends a service's requests. */
export function instancesBehind({ backend }: ServiceSettings): string[] {
  return backend.instances ?? (backend.psc ? instancesOf(backend.psc) : []);
}
