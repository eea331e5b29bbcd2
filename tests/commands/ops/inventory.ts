export const balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/old/1";
const dnsName = "old-1.elb.us-east-1.amazonaws.com";

/** What an operator would write down of a gateway that was clicked together. */
export const inventory = () => ({
  stack: "dev",
  region: "us-east-1",
  domain: "example.org",
  vpcId: "vpc-010000000000000a0",
  zones: [{ subnetId: "subnet-010000000000000b1" }, { subnetId: "subnet-010000000000000b2" }],
  loadBalancer: { arn: balancer, dnsName, securityGroups: ["sg-1"] },
  vpcLinkId: "abc123",
  webAcl: { id: "acl-1", name: "old-acl", ipv4: { id: "set-4", name: "old-v4" } },
  identity: {
    globus: { clientId: "c", secretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:x-AbCdEf" },
  },
  levels: {
    read: { groups: ["g1"], includes: ["create"] },
    create: { groups: ["g2"] },
    "data-admin": { groups: ["g3"] },
  },
  allow: { contact: "help@example.org", addresses: ["192.0.2.0/24"] },
  services: [
    {
      name: "uuid-api",
      export: "uuid.json",
      restApiId: "api111",
      stageName: "dev",
      deploymentId: "dep111",
      stageVariables: { VPCLINK: "abc123", VPCNLB: `${dnsName}:2222` } as Record<string, string>,
      port: 2222,
      instances: ["i-010000000000000c1"],
      listenerArn: `${balancer}/l` as string | undefined,
      targetGroupArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/old/2",
      domainName: "uuid-api.dev.example.org",
      mappingId: "map111",
      certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
      recordId: "Z1_uuid-api.dev.example.org_CNAME",
    },
  ],
});
