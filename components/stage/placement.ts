/** Listeners that one NLB takes. Source: Elastic Load Balancing quotas, "Listeners per Network Load Balancer". */
export const LISTENERS_PER_LOAD_BALANCER = 50;

/** Inbound rules that one security group takes. Source: Amazon VPC quotas, "Inbound or outbound rules per security group". */
export const RULES_PER_SECURITY_GROUP = 60;

/** Part of a quota that services fill. The rest is for changes: what is new comes before what is old goes. */
const FILLED = 0.9;

/** Where a service goes: the number, from 0, of its load balancer and of the security group that admits it. */
export interface Placement {
  loadBalancer: number;
  securityGroup: number;
}

/** Places a stage's services in the order of its settings: the first ones never move when more are appended.
 * @param zones availability zones, each of which costs a service one inbound rule */
export function place(services: number, zones: number): Placement[] {
  const perLoadBalancer = Math.floor(LISTENERS_PER_LOAD_BALANCER * FILLED);
  const perGroup = Math.floor((RULES_PER_SECURITY_GROUP * FILLED) / zones);
  return Array.from({ length: services }, (_, index) => ({
    loadBalancer: Math.floor(index / perLoadBalancer),
    securityGroup: Math.floor(index / perGroup),
  }));
}
