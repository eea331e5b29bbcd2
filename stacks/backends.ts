import type { Backend } from "../components/backend";
import { Ec2Backend } from "../components/ec2-backend";
import type { ServiceSettings } from "./settings";

/** What a service's settings name as its backend. */
export function backendOf({ backend, name }: ServiceSettings): Backend {
  if (backend.psc?.proxy !== undefined) return new Ec2Backend([backend.psc.proxy]);
  if (backend.instances !== undefined) return new Ec2Backend(backend.instances);
  throw new Error(`${name} has no backend`);
}
