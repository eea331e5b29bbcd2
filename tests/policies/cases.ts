import type { PolicyResource } from "../../policies/rule";

export type Given = Pick<PolicyResource, "type" | "inputs"> & Partial<PolicyResource>;

/** Per rule: stacks that keep it and stacks that break it. The stack is `dev` unless said otherwise. */
export interface Case {
  stage?: string;
  resources: Given[];
}

const lb = "aws:lb/loadBalancer:LoadBalancer";
const sg = "aws:ec2/securityGroup:SecurityGroup";
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const stage = "aws:apigateway/stage:Stage";
const domain = "aws:apigateway/domainName:DomainName";
const api = "aws:apigateway/restApi:RestApi";
const acl = "aws:wafv2/webAcl:WebAcl";
const association = "aws:wafv2/webAclAssociation:WebAclAssociation";
const lambda = "aws:lambda/function:Function";
const permission = "aws:lambda/permission:Permission";
const functionUrl = "aws:lambda/functionUrl:FunctionUrl";
const ipSet = "aws:wafv2/ipSet:IpSet";
const logGroup = "aws:cloudwatch/logGroup:LogGroup";
const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const bucket = "aws:s3/bucket:Bucket";
const block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const methodSettings = "aws:apigateway/methodSettings:MethodSettings";

const one = (type: string, inputs: Record<string, unknown>, more: Partial<PolicyResource> = {}): Case => ({
  resources: [{ type, inputs, ...more }],
});
const inProd = (value: Case): Case => ({ ...value, stage: "prod" });
const allow = (statement: Record<string, unknown>) =>
  one(rolePolicy, { policy: JSON.stringify({ Statement: [{ Effect: "Allow", ...statement }] }) });
const trust = (Principal: unknown, more = {}) =>
  one(role, {
    assumeRolePolicy: { Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal, ...more }] },
  });
const bucketPolicy = (statement: object) =>
  one("aws:s3/bucketPolicy:BucketPolicy", { policy: { Statement: [statement] } });
/** First octets of ranges that together are three eighths of IPv4. */
const eighths = Array.from({ length: 96 }, (_, index) => 100 + index);
const environment = (variables: Record<string, string>) => one(lambda, { environment: { variables } });
const arn = "arn:aws:apigateway:us-east-1::/restapis/a1b2c3d4e5/stages/live";
const apiStage: Given = {
  type: stage,
  inputs: { restApi: "a1b2c3d4e5", stageName: "live" },
  urn: "urn:stage",
};
const blocked = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

export const cases: Record<string, { keeps: Case[]; breaks: Case[] }> = {
  "internal-load-balancer": {
    keeps: [one(lb, { internal: true })],
    breaks: [one(lb, { internal: false }), one(lb, {})],
  },
  "closed-ingress": {
    keeps: [
      one(ingress, { cidrIpv4: "10.1.1.10/32" }),
      one(ingress, { referencedSecurityGroupId: "sg-1" }),
      one(sg, { ingress: [], egress: [{ cidrBlocks: ["0.0.0.0/0"] }] }),
      one("aws:ec2/securityGroupRule:SecurityGroupRule", { type: "egress", cidrBlocks: ["0.0.0.0/0"] }),
    ],
    breaks: [
      one(ingress, { cidrIpv4: "0.0.0.0/0" }),
      one(ingress, { cidrIpv6: "::/0" }),
      one(ingress, { cidrIpv4: "128.0.0.0/1" }),
      one(sg, { ingress: [{ cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }] }),
      one(sg, { ingress: [{ cidrBlocks: eighths.map((first) => `${first}.0.0.0/8`) }] }),
      one("aws:ec2/securityGroupRule:SecurityGroupRule", { type: "ingress", ipv6CidrBlocks: ["::/0"] }),
    ],
  },
  "instance-metadata-v2": {
    keeps: [one(template, { metadataOptions: { httpTokens: "required" } })],
    breaks: [
      one(template, {}),
      one("aws:ec2/instance:Instance", { metadataOptions: { httpTokens: "optional" } }),
    ],
  },
  "access-logging": {
    keeps: [
      one(stage, { accessLogSettings: { destinationArn: "arn:x", format: '{"id":"$context.requestId"}' } }),
    ],
    breaks: [
      one(stage, {}),
      one(stage, { accessLogSettings: { destinationArn: "arn:x", format: "$context.path" } }),
    ],
  },
  "tls-1-2": {
    keeps: [
      one(domain, { securityPolicy: "TLS_1_2" }),
      one(domain, { securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09" }),
    ],
    breaks: [one(domain, { securityPolicy: "TLS_1_0" }), one(domain, {})],
  },
  "default-endpoint": {
    keeps: [one(api, { disableExecuteApiEndpoint: true }), one(api, { securityPolicy: "TLS_1_2" })],
    breaks: [one(api, {}), one(api, { disableExecuteApiEndpoint: false, securityPolicy: "TLS_1_0" })],
  },
  "web-acl-on-non-production": {
    keeps: [
      { resources: [apiStage, { type: association, inputs: { resourceArn: arn } }] },
      {
        resources: [apiStage, { type: association, inputs: {}, references: { resourceArn: ["urn:stage"] } }],
      },
      { stage: "prod", resources: [apiStage] },
    ],
    breaks: [
      { resources: [apiStage] },
      { resources: [apiStage, { type: association, inputs: { resourceArn: `${arn}-other` } }] },
      {
        resources: [apiStage, { type: association, inputs: {}, references: { resourceArn: ["urn:other"] } }],
      },
    ],
  },
  "web-acl-blocks-by-default": {
    keeps: [one(acl, { defaultAction: { block: {} } }), inProd(one(acl, { defaultAction: { allow: {} } }))],
    breaks: [one(acl, { defaultAction: { allow: {} } }), one(acl, {})],
  },
  "closed-allow-list": {
    keeps: [
      one(ipSet, { addresses: ["192.0.2.0/24", "2001:db8::/32"] }),
      inProd(one(ipSet, { addresses: ["0.0.0.0/1", "128.0.0.0/1"] })),
    ],
    breaks: [
      one(ipSet, { addresses: ["0.0.0.0/0"] }),
      one(ipSet, { addresses: ["192.0.2.0/24", "128.0.0.0/1"] }),
      one(ipSet, { addresses: ["::/0"] }),
      one(ipSet, { addresses: eighths.map((first) => `${first}.0.0.0/8`) }),
    ],
  },
  "no-plaintext-secret": {
    keeps: [
      environment({ CLIENT_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:globus" }),
      environment({ CLIENT_SECRET: "arn:aws:secretsmanager:us-east-1:123456789012:secret:globus" }),
      environment({
        TOKEN_TTL_SECONDS: "300",
        GROUPS_URL: "https://groups.example.org/v2",
        SECRET_NAME: "globus",
      }),
      environment({ STAGE: "dev", MONKEY: "banana", TOKENIZER: "words" }),
    ],
    breaks: [
      environment({ CLIENT_SECRET: "s3cr3tvalue" }),
      environment({ dbPassword: "hunter2" }),
      environment({ ANYTHING: "AKIAIOSFODNN7EXAMPLE" }),
      environment({ DATABASE: "postgres://reader:pw@db.example.org/x" }),
      environment({ PEM: "-----BEGIN RSA PRIVATE KEY-----\nMIIE" }),
    ],
  },
  "log-retention": {
    keeps: [one(logGroup, { retentionInDays: 90 })],
    breaks: [one(logGroup, {}), one(logGroup, { retentionInDays: 0 })],
  },
  "encrypted-at-rest": {
    keeps: [
      one(template, { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }] }),
      one("aws:ec2/instance:Instance", { rootBlockDevice: { encrypted: true } }),
      one(methodSettings, { settings: { cachingEnabled: true, cacheDataEncrypted: true } }),
      one(methodSettings, { settings: { cachingEnabled: false } }),
      one("aws:ssm/parameter:Parameter", { name: "/api/client-secret", value: "x1", type: "SecureString" }),
    ],
    breaks: [
      one(template, { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 20 } }] }),
      one("aws:ec2/instance:Instance", {}),
      one("aws:ebs/volume:Volume", {}),
      one(methodSettings, { settings: { cachingEnabled: true } }),
      one("aws:sqs/queue:Queue", { sqsManagedSseEnabled: false }),
      one("aws:ssm/parameter:Parameter", { name: "client-secret", value: "s3cr3t", type: "String" }),
    ],
  },
  "private-buckets": {
    keeps: [
      {
        resources: [
          { type: bucket, inputs: {}, id: "archive-1" },
          { type: block, inputs: { ...blocked, bucket: "archive-1" } },
        ],
      },
    ],
    breaks: [
      one(bucket, { bucket: "archive" }),
      {
        resources: [
          { type: bucket, inputs: { bucket: "archive" } },
          { type: block, inputs: { ...blocked, restrictPublicBuckets: false, bucket: "archive" } },
        ],
      },
      {
        resources: [
          { type: bucket, inputs: { bucket: "archive" } },
          { type: block, inputs: { ...blocked, bucket: "another" } },
        ],
      },
    ],
  },
  "no-wildcard-iam": {
    keeps: [
      allow({
        Action: "secretsmanager:GetSecretValue",
        Resource: "arn:aws:secretsmanager:us-east-1:123456789012:secret:x",
      }),
      allow({ Action: ["ec2:DescribeNetworkInterfaces", "xray:PutTraceSegments"], Resource: "*" }),
      allow({ Action: "s3:Get*", Resource: "arn:aws:s3:::archive/*" }),
      one(rolePolicy, { policy: { Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] } }),
    ],
    breaks: [
      allow({ Action: "*", Resource: "*" }),
      allow({ Action: "s3:*", Resource: "arn:aws:s3:::archive/*" }),
      allow({ Action: "s3:Put*", Resource: "arn:aws:s3:::archive/*" }),
      allow({ Action: "secretsmanager:GetSecretValue", Resource: "*" }),
      allow({ Action: "secretsmanager:GetSecretValue", Resource: "arn:aws:secretsmanager:*:*:*" }),
      allow({ Action: ["iam:PassRole", "iam:CreateRole"], Resource: "arn:aws:iam::*:role/*" }),
      allow({ Action: "sts:AssumeRole", Resource: "arn:aws:iam::123456789012:role/*" }),
      allow({ Action: "iam:?assRole", Resource: "arn:aws:iam::123456789012:role/gateway" }),
      allow({ Action: "s3:GetObject", Resource: "**" }),
      allow({ NotAction: "iam:*", Resource: "arn:aws:s3:::archive" }),
      allow({ Action: "s3:GetObject", NotResource: "arn:aws:s3:::archive" }),
      one(role, {
        inlinePolicies: [{ policy: '{"Statement":{"Effect":"Allow","Action":"logs:*","Resource":"*"}}' }],
      }),
    ],
  },
  "no-broad-managed-policy": {
    keeps: [
      one("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
        policyArn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
      }),
    ],
    breaks: [
      one("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
        policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
      one(role, { managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"] }),
    ],
  },
  "named-principal": {
    keeps: [
      trust({ Service: "lambda.amazonaws.com" }),
      trust({ AWS: "*" }, { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
      trust({ AWS: "999999999999" }, { Condition: { StringEquals: { "sts:ExternalId": "x" } } }),
      trust(
        { Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
        { Condition: { StringLike: { "token.actions.githubusercontent.com:sub": "repo:team/gateway:*" } } },
      ),
    ],
    breaks: [
      trust("*"),
      trust({ AWS: ["*"] }),
      trust({ AWS: "*" }, { Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      trust({ AWS: "arn:aws:iam::999999999999:root" }),
      trust({ Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }),
      one(role, { assumeRolePolicy: { Statement: [{ Effect: "Allow", NotPrincipal: { AWS: "x" } }] } }),
    ],
  },
  "closed-resource-policy": {
    keeps: [
      bucketPolicy({
        Effect: "Deny",
        Principal: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
      bucketPolicy({ Effect: "Allow", Principal: { Service: "logging.s3.amazonaws.com" } }),
      bucketPolicy({
        Effect: "Allow",
        Principal: "*",
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
      }),
    ],
    breaks: [
      bucketPolicy({ Effect: "Allow", Principal: "*" }),
      bucketPolicy({
        Effect: "Allow",
        Principal: { AWS: "*" },
        Condition: { Null: { "aws:Referer": "true" } },
      }),
      one("aws:sqs/queuePolicy:QueuePolicy", {
        policy: JSON.stringify({ Statement: { Effect: "Allow", Principal: { AWS: "999999999999" } } }),
      }),
    ],
  },
  "scoped-invoke": {
    keeps: [
      one(permission, { principal: "apigateway.amazonaws.com", sourceArn: "arn:aws:execute-api:x" }),
      one(permission, { principal: "123456789012", principalOrgId: "o-1" }),
    ],
    breaks: [
      one(permission, { principal: "apigateway.amazonaws.com" }),
      one(permission, { principal: "*" }),
      one(permission, { principal: "999999999999" }),
    ],
  },
  "authorized-function-url": {
    keeps: [one(functionUrl, { authorizationType: "AWS_IAM" })],
    breaks: [one(functionUrl, { authorizationType: "NONE" })],
  },
  tagged: {
    keeps: [one(api, { tags: { stage: "dev" } }), one("aws:route53/record:Record", {})],
    breaks: [one(api, {}), one(lb, { tags: { Name: "x" } })],
  },
  "protected-domain": {
    keeps: [
      inProd(one(domain, {}, { protect: true })),
      one(domain, {}, { protect: false }),
      // A recording under mocks does not see resource options.
      inProd(one(domain, {})),
    ],
    breaks: [inProd(one(domain, {}, { protect: false }))],
  },
  "protected-load-balancer": {
    keeps: [inProd(one(lb, { enableDeletionProtection: true })), one(lb, {})],
    breaks: [inProd(one(lb, {})), inProd(one(lb, { enableDeletionProtection: false }))],
  },
};
