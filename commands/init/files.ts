export const IDENTITIES = ["globus", "jwt"] as const;

export interface NewOwner {
  /** Public Route 53 zone */
  domain: string;
  identity: (typeof IDENTITIES)[number];
  region: string;
  services: { name: string; port: number }[];
}

interface Stage {
  name: string;
  about: string;
  ownsAccount: boolean;
}

const PROD: Stage = { name: "prod", about: "production, open to everybody", ownsAccount: true };
const STAGES: Stage[] = [
  { name: "dev", about: "where developers try things", ownsAccount: true },
  { name: "test", about: "automated tests", ownsAccount: false },
  { name: "stage", about: "the last stage before production", ownsAccount: false },
  PROD,
];

/** Path → text of everything that a new owner starts with. The placeholders are valid, so the stages can be planned at once. */
export function filesFor(owner: NewOwner): Record<string, string> {
  return Object.fromEntries([
    ...STAGES.map((stage) => [`Pulumi.${stage.name}.yaml`, stackFile(stage, owner)]),
    ...owner.services.map(({ name }) => [specPath(name), specOf(name, owner.domain)]),
  ]);
}

const specPath = (service: string) => `specs/${service}.yaml`;

function stackFile(stage: Stage, owner: NewOwner): string {
  return `# yaml-language-server: $schema=stacks/settings.schema.json
#
# ${stage.name}: ${stage.about}. docs/settings.md describes every key.
# Values with a comment that begins with "replace" are placeholders of \`npm run init\`.
config:
  aws:region: ${owner.region}
  gateway:domain: ${owner.domain} # a public Route 53 zone of this account
  gateway:network:
    vpcId: vpc-0123456789abcdef0 # replace: the VPC of the services
    zones: # one subnet per availability zone, for the load balancer
      - { subnetId: subnet-0123456789abcdef0 } # replace
      - { subnetId: subnet-0123456789abcdef1 } # replace
${stage === PROD ? "" : allow(owner)}  gateway:identity:
${identity(stage, owner)}  # Who may call: an operation of a spec names a level in its security, \`security: []\` makes it public.
  gateway:levels:
${levels(owner)}  gateway:ownsAccount: ${stage.ownsAccount} # API Gateway's role for logs: true on exactly one stack per account and region
  gateway:tags: { stage: ${stage.name}, project: gateway }
${keepAlive(stage)}${alarms(stage, owner)}  gateway:services:
${owner.services.map((service) => serviceBlock(service)).join("")}`;
}

const allow = ({ domain }: NewOwner) => `  gateway:allow: # a web ACL refuses every other address
    contact: help@${domain} # replace: named in the response to those who are refused
    addresses: [192.0.2.0/24] # replace: the public addresses of your offices and VPN
`;

function identity({ name }: Stage, { identity, domain, region }: NewOwner): string {
  if (identity === "globus") {
    return `    globus:
      clientId: 00000000-0000-4000-8000-000000000000 # replace: the application's client ID at Globus Auth
      secretArn: arn:aws:secretsmanager:${region}:123456789012:secret:gateway-${name}-globus # replace: the client secret's ARN
`;
  }
  return `    jwt:
      issuer: https://login.${domain}/ # replace: the tokens' iss
      audience: gateway # replace: the tokens' aud
      groupsClaim: groups # replace: the claim that lists the caller's groups
`;
}

function levels({ identity }: NewOwner): string {
  const groups =
    identity === "globus"
      ? [1, 2, 3].map((number) => `00000000-0000-4000-8000-00000000000${number}`)
      : ["readers", "writers", "admins"];
  return `    read: { groups: [${groups[0]}], includes: [write] } # replace the groups; members of write may read, too
    write: { groups: [${groups[1]}], includes: [admin] } # replace
    admin: { groups: [${groups[2]}] } # replace
`;
}

function keepAlive(stage: Stage): string {
  const why =
    "  # AWS may deactivate a VPC link without traffic for 60 days; this calls each service's health route.\n";
  return stage === PROD
    ? `${why}  gateway:keepAlive: { everyDays: 7 }\n`
    : `${why}  # It needs subnets with a NAT gateway whose address gateway:allow lists:
  # gateway:keepAlive: { network: { subnetIds: [subnet-…], securityGroupIds: [sg-…] } }
`;
}

function alarms(stage: Stage, { region }: NewOwner): string {
  const topic = `arn:aws:sns:${region}:123456789012:gateway-alarms`;
  return stage === PROD
    ? `  gateway:alarms: { topicArn: "${topic}" } # replace: the SNS topic that reaches whoever is on call\n`
    : `  # gateway:alarms: { topicArn: "${topic}" } # 5xx responses, unhealthy backends, authorizers\n`;
}

const serviceBlock = ({ name, port }: NewOwner["services"][number]) => `    - name: ${name}
      spec: ${specPath(name)}
      port: ${port} # of the service, and of its listener on the load balancer
      backend: { instances: [i-0123456789abcdef0] } # replace: the EC2 instances that run it; docs/psc.md for others
      health: GET /status
`;

const specOf = (name: string, domain: string) => `openapi: 3.0.3
info:
  title: ${name}
  version: 1.0.0
  description: A start, to be replaced by the service's own document. docs/specs.md says what API Gateway makes of it.
servers:
  - url: https://${name}.dev.${domain}
security:
  - read: [] # an access level of gateway:levels, for every operation that does not say otherwise
paths:
  /status:
    get:
      operationId: getStatus
      summary: Health check
      security: [] # public
      responses:
        "200": { description: The service is up, content: { application/json: { example: { status: ok } } } }
  /items:
    get:
      operationId: listItems
      summary: All items
      responses:
        "200": { description: The items, content: { application/json: { example: [{ id: 1, name: First }] } } }
    post:
      operationId: createItem
      summary: Add an item
      security: [{ write: [] }]
      requestBody:
        required: true
        content: { application/json: { example: { name: Second } } }
      responses:
        "201": { description: The new item, content: { application/json: { example: { id: 2, name: Second } } } }
  /items/{id}:
    delete:
      operationId: deleteItem
      summary: Remove an item
      security: [{ admin: [] }]
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
      responses:
        "204": { description: It is removed }
components:
  securitySchemes:
    read: { type: http, scheme: bearer }
    write: { type: http, scheme: bearer }
    admin: { type: http, scheme: bearer }
`;
