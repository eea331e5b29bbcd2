import { loadBalancer, vpc } from "../../lib/quotas";

/** Share of a quota that services may use. The rest is for replacements, which exist beside what they replace. */
const USABLE = 0.9;

/** The load balancer and the backend security group of one service, both counted from 0. */
export interface Assignment {
  loadBalancer: number;
  securityGroup: number;
}

/** Fills load balancers and security groups in the order of the settings, so that appended services move no others.
 * @param zones availability zones; each service needs an inbound rule per zone */
export function assignLoadBalancers(services: number, zones: number): Assignment[] {
  const perLoadBalancer = Math.floor(loadBalancer.listeners * USABLE);
  const perGroup = Math.floor((vpc.rulesPerSecurityGroup * USABLE) / zones);
  return Array.from({ length: services }, (_, index) => ({
    loadBalancer: Math.floor(index / perLoadBalancer),
    securityGroup: Math.floor(index / perGroup),
  }));
}
