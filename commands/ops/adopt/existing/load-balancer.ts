import { type APIGatewayClient, GetVpcLinkCommand } from "@aws-sdk/client-api-gateway";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  paginateDescribeListeners,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { UserError } from "../../../../lib/error";
import type { Inventory } from "../inventory";

export interface ExistingListener {
  port: number;
  listenerArn: string;
  targetGroupArn?: string;
}

export interface ExistingLoadBalancer extends Pick<Inventory, "vpcId" | "zones" | "loadBalancer"> {
  listeners: ExistingListener[];
}

/** The load balancer behind a VPC link, with all its listeners. @throws UserError when the link has none */
export async function existingLoadBalancer(
  apiGateway: APIGatewayClient,
  loadBalancing: ElasticLoadBalancingV2Client,
  vpcLinkId: string,
): Promise<ExistingLoadBalancer> {
  const { targetArns } = await apiGateway.send(new GetVpcLinkCommand({ vpcLinkId }));
  const [arn] = targetArns ?? [];
  if (arn === undefined) throw new UserError(`VPC link ${vpcLinkId} has no load balancer as its target.`);
  const { LoadBalancers } = await loadBalancing.send(
    new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }),
  );
  const found = LoadBalancers?.[0];
  if (!found?.VpcId || !found.DNSName) throw new UserError(`Load balancer ${arn} not found.`);
  const listeners: ExistingListener[] = [];
  for await (const page of paginateDescribeListeners({ client: loadBalancing }, { LoadBalancerArn: arn })) {
    for (const { Port, ListenerArn, DefaultActions } of page.Listeners ?? []) {
      if (Port === undefined || ListenerArn === undefined) continue;
      const targetGroupArn = DefaultActions?.[0]?.TargetGroupArn;
      listeners.push({ port: Port, listenerArn: ListenerArn, ...(targetGroupArn ? { targetGroupArn } : {}) });
    }
  }
  return {
    vpcId: found.VpcId,
    zones: (found.AvailabilityZones ?? []).flatMap(({ SubnetId, LoadBalancerAddresses }) => {
      const address = LoadBalancerAddresses?.[0]?.PrivateIPv4Address;
      return SubnetId ? [{ subnetId: SubnetId, ...(address ? { address } : {}) }] : [];
    }),
    loadBalancer: { arn, dnsName: found.DNSName, securityGroups: found.SecurityGroups ?? [] },
    listeners,
  };
}

/** Targets of a target group: instance ids, or IP addresses when that is its target type. */
export async function targetsOf(
  loadBalancing: ElasticLoadBalancingV2Client,
  targetGroupArn: string,
): Promise<string[]> {
  const { TargetHealthDescriptions } = await loadBalancing.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  const ids = (TargetHealthDescriptions ?? []).flatMap(({ Target }) => Target?.Id ?? []);
  return [...new Set(ids)];
}
