import { primaryInterfaceOf } from "../../../../offline/recording/mocks/names";
import { remove, set } from "../../wires";
import type { PlantedMistake } from ".";

export const backends: PlantedMistake[] = [
  {
    what: "a link to another load balancer than the one in VPCNLB",
    rule: "link-to-another-load-balancer",
    where: /^service uuid-api$/,
    mistake: (find) =>
      set(find("VpcLink"), {
        targetArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/old/0",
      }),
  },
  {
    what: "a VPCLINK that is not a link of the stack",
    rule: "unknown-vpc-link",
    where: /^service uuid-api$/,
    mistake: (find) => {
      const stage = find("Stage", "uuid-api");
      set(stage, { variables: { ...(stage.inputs.variables as object), VPCLINK: "zzzzzz" } });
    },
  },
  {
    what: "a VPCNLB that is not a load balancer of the stack",
    rule: "unknown-load-balancer",
    where: /^service uuid-api$/,
    mistake: (find) => {
      const stage = find("Stage", "uuid-api");
      set(stage, {
        variables: { ...(stage.inputs.variables as object), VPCNLB: "elsewhere.example.org:2222" },
      });
    },
  },
  {
    what: "a port without a listener",
    rule: "no-listener",
    where: /^service entity-api$/,
    mistake: (find, recording) => remove(recording, find("Listener", "entity-api")),
  },
  {
    what: "a listener without a target group",
    rule: "no-target-group",
    where: /^service entity-api$/,
    mistake: (find) => set(find("Listener", "entity-api"), { defaultActions: [] }),
  },
  {
    what: "a target group on another port than its listener",
    rule: "ports-differ",
    where: /^service entity-api$/,
    mistake: (find) => set(find("TargetGroup", "entity-api"), { port: 3334 }),
  },
  {
    what: "a target group without targets",
    rule: "no-target",
    where: /^service search-api$/,
    mistake: (find, recording) => remove(recording, find("TargetGroupAttachment", "search-api")),
  },
  {
    what: "a security group that allows only one of the load balancer's addresses",
    rule: "security-group-refuses",
    where: /^service search-api$/,
    mistake: (find, recording) => remove(recording, find("SecurityGroupIngressRule", "search-api")),
  },
  {
    what: "a security group that allows the load balancer on another port",
    rule: "security-group-refuses",
    where: /^service search-api$/,
    mistake: (find) => set(find("SecurityGroupIngressRule", "search-api"), { fromPort: 80, toPort: 80 }),
  },
  {
    what: "a security group that is not attached to the instance",
    rule: "security-group-refuses",
    where: /^service uuid-api$/,
    mistake: (find, recording) => {
      const { inputs } = find("TargetGroupAttachment", "uuid-api");
      remove(
        recording,
        find(
          "NetworkInterfaceSecurityGroupAttachment",
          undefined,
          ({ networkInterfaceId }) => networkInterfaceId === primaryInterfaceOf(String(inputs.targetId)),
        ),
      );
    },
  },
  {
    what: "a load balancer that may not send to the backend",
    rule: "load-balancer-egress-denied",
    where: /^service search-api$/,
    mistake: (find, recording) => remove(recording, find("SecurityGroupEgressRule", "search-api")),
  },
  {
    what: "a load balancer that applies its security group to the VPC link",
    rule: "private-link-refused",
    where: /^service uuid-api$/,
    mistake: (find) =>
      set(find("LoadBalancer"), { enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on" }),
  },
  {
    what: "two services on one port",
    rule: "shared-port",
    where: /^service entity-api$/,
    mistake: (find) =>
      set(find("Stage", "entity-api"), { variables: find("Stage", "uuid-api").inputs.variables }),
  },
  {
    what: "two listeners on one port",
    rule: "shared-listener-port",
    where: /^listener /,
    mistake: (find) => set(find("Listener", "entity-api"), { port: 2222 }),
  },
  {
    what: "a listener whose protocol is not TCP",
    rule: "protocol-not-tcp",
    where: /^service uuid-api$/,
    mistake: (find) => set(find("Listener", "uuid-api"), { protocol: "TLS" }),
  },
  {
    what: "a target group whose protocol is not TCP",
    rule: "protocol-not-tcp",
    where: /^service uuid-api$/,
    mistake: (find) => set(find("TargetGroup", "uuid-api"), { protocol: "UDP" }),
  },
  {
    what: "a target group in another VPC",
    rule: "target-group-in-another-vpc",
    where: /^service uuid-api$/,
    mistake: (find) => set(find("TargetGroup", "uuid-api"), { vpcId: "vpc-0ffffffffffffffff" }),
  },
  {
    what: "instances in a target group of addresses",
    rule: "target-of-another-type",
    where: /^service uuid-api$/,
    mistake: (find) => set(find("TargetGroup", "uuid-api"), { targetType: "ip" }),
  },
  {
    what: "a VPC link to an application load balancer",
    rule: "not-a-network-load-balancer",
    where: /^service uuid-api$/,
    mistake: (find) => set(find("LoadBalancer"), { loadBalancerType: "application" }),
  },
];
