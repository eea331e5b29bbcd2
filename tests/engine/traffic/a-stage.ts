import { gzipSync } from "node:zlib";
import type { Operation } from "../engine";

const types: Record<string, string> = {
  Certificate: "aws:acm/certificate",
  DomainName: "aws:apigateway/domainName",
  Record: "aws:route53/record",
  ApiMapping: "aws:apigatewayv2/apiMapping",
  RestApi: "aws:apigateway/restApi",
  Deployment: "aws:apigateway/deployment",
  Stage: "aws:apigateway/stage",
  VpcLink: "aws:apigateway/vpcLink",
  LoadBalancer: "aws:lb/loadBalancer",
  Listener: "aws:lb/listener",
  TargetGroup: "aws:lb/targetGroup",
  TargetGroupAttachment: "aws:lb/targetGroupAttachment",
  Attachment: "aws:autoscaling/attachment",
  Group: "aws:autoscaling/group",
  LaunchTemplate: "aws:ec2/launchTemplate",
  NetworkInterfaceSecurityGroupAttachment: "aws:ec2/networkInterfaceSecurityGroupAttachment",
  SecurityGroupIngressRule: "aws:vpc/securityGroupIngressRule",
  SecurityGroupEgressRule: "aws:vpc/securityGroupEgressRule",
  Function: "aws:lambda/function",
  Permission: "aws:lambda/permission",
  Role: "aws:iam/role",
  RolePolicy: "aws:iam/rolePolicy",
};

type Inputs = Record<string, unknown>;
const operation = (op: string, kind: string, id: string, inputs: Inputs): Operation => ({
  op,
  type: `${types[kind]}:${kind}`,
  name: id,
  id,
  inputs,
});
export const create = (kind: string, id: string, inputs: Inputs = {}) =>
  operation("create", kind, id, inputs);
export const update = (kind: string, id: string, inputs: Inputs = {}) =>
  operation("update", kind, id, inputs);
export const remove = (kind: string, id: string) => operation("delete", kind, id, {});

const lambda = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:${name}/invocations`;
export const loadBalancer = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/net/nlb/1";

/** A definition with one route that needs the authorizer of `level`, or the role's leave to call it. */
export function definition(level: string, credentials?: string): string {
  const role = credentials === undefined ? {} : { authorizerCredentials: credentials };
  return JSON.stringify({
    paths: {
      "/": {
        get: {
          "x-amazon-apigateway-integration": {
            type: "http_proxy",
            connectionId: `\${stageVariables.VPCLINK}`,
          },
        },
      },
    },
    components: {
      securitySchemes: { a: { "x-amazon-apigateway-authorizer": { authorizerUri: lambda(level), ...role } } },
    },
  });
}

export const variables = (port: number, link = "link") => ({
  VPCLINK: link,
  VPCNLB: `nlb-1.elb.amazonaws.com:${port}`,
});

/** What carries one port from the load balancer to an instance. */
export function port(number: number, instance: string): Operation[] {
  return [
    create("TargetGroup", `tg-${number}`, { port: number, healthCheck: { protocol: "TCP" } }),
    create("Listener", `listener-${number}`, {
      loadBalancerArn: loadBalancer,
      port: number,
      defaultActions: [{ targetGroupArn: `tg-${number}` }],
    }),
    target(number, instance),
    rule("SecurityGroupEgressRule", `out-${number}`, number, {
      securityGroupId: "sg-nlb",
      referencedSecurityGroupId: "sg-backend",
    }),
    ...["10.0.1.10", "10.0.2.10"].map((address) => admits(address, number)),
  ];
}

export const target = (number: number, instance: string) =>
  create("TargetGroupAttachment", `target-${number}-${instance}`, {
    targetGroupArn: `tg-${number}`,
    targetId: instance,
    port: number,
  });

export const admits = (address: string, number: number) =>
  rule("SecurityGroupIngressRule", `in-${number}-${address}`, number, {
    securityGroupId: "sg-backend",
    cidrIpv4: `${address}/32`,
  });

const rule = (kind: string, id: string, port: number, inputs: Inputs) =>
  create(kind, id, { ...inputs, fromPort: port, toPort: port });

/** One API on one instance, as it is created. */
export const anApi: Operation[] = [
  create("Certificate", "certificate"),
  create("DomainName", "ids", { domainName: "ids.example.org", regionalCertificateArn: "certificate" }),
  create("Record", "record", { name: "ids.example.org" }),
  create("ApiMapping", "mapping", { domainName: "ids.example.org", apiId: "api", stage: "dev" }),
  create("RestApi", "api", { body: definition("read") }),
  create("Function", "read"),
  create("Permission", "allow-read", {
    function: "read",
    sourceArn: "arn:aws:execute-api:us-east-1:1:api/authorizers/*",
  }),
  create("Deployment", "first", { restApi: "api" }),
  create("LoadBalancer", loadBalancer, {
    securityGroups: ["sg-nlb"],
    subnetMappings: [
      { subnetId: "a", privateIpv4Address: "10.0.1.10" },
      { subnetId: "b", privateIpv4Address: "10.0.2.10" },
    ],
  }),
  create("VpcLink", "link", { targetArn: loadBalancer }),
  create("Stage", "stage", {
    restApi: "api",
    stageName: "dev",
    deployment: "first",
    variables: variables(2222),
  }),
  ...port(2222, "i-1"),
  {
    op: "invoke",
    type: "aws:ec2/getInstance:getInstance",
    name: "",
    answer: { id: "i-1", networkInterfaceId: "eni-1" },
  },
  {
    op: "invoke",
    type: "aws:ec2/getInstance:getInstance",
    name: "",
    answer: { id: "i-2", networkInterfaceId: "eni-2" },
  },
  create("NetworkInterfaceSecurityGroupAttachment", "sga-1", {
    networkInterfaceId: "eni-1",
    securityGroupId: "sg-backend",
  }),
];

/** What a proxy of one service boots with. */
export function template(service: string, port: number, partner: string): Inputs {
  const nginx = `stream {
    server { listen unix:/run/x.sock;
    set $service ${service};
    set $partner ${partner}; } }
  http {
    map $server_port $service {
      ${port} ${service};
    }
    server { listen 8079 default_server;
      access_log off;
      location = /health { return 200; } } }`;
  const script = `cat > "$release/nginx.conf" <<'END'\n${nginx}\nEND\n`;
  return {
    userData: gzipSync(script).toString("base64"),
    networkInterfaces: [{ securityGroups: ["sg-backend", "sg-proxy"] }],
  };
}
