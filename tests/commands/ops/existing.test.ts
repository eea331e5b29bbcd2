import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adoptGateway } from "../../../commands/ops/adopt/adopt";
import { existingGateway } from "../../../commands/ops/adopt/existing";
import { awsClients } from "../../../commands/ops/aws/clients";
import { projectRoot } from "../../../lib/project-root";
import { recorded } from "../../support/fixtures";
import { runOps } from "../../workflows/run-ops";
import { type FakeAccount, type FakeAws, fakeAws } from "./fake-aws";
import { inventory } from "./inventory";
import { environment, withAws } from "./with-aws";

const balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/old/1";
const dnsName = "old-1.elb.us-east-1.amazonaws.com";
const certificate = (id: string) => `arn:aws:acm:us-east-1:123456789012:certificate/${id}`;
const targetGroup = (id: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${id}`;
const webAclArn = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/old-acl/acl-1";
const ipSetArn = "arn:aws:wafv2:us-east-1:123456789012:regional/ipset/old-v4/set-4";

const query = (action: string, inner: string) =>
  `<${action}Response><${action}Result>${inner}</${action}Result></${action}Response>`;
const listener = (port: number, group: string) =>
  `<member><Port>${port}</Port><ListenerArn>${balancer}/${port}</ListenerArn><DefaultActions><member>` +
  `<TargetGroupArn>${targetGroup(group)}</TargetGroupArn></member></DefaultActions></member>`;
const record53 = (name: string, type: string) =>
  `<ResourceRecordSet><Name>${name}.</Name><Type>${type}</Type></ResourceRecordSet>`;
const field = (body: string, name: string) => new URLSearchParams(body).get(name) ?? "";

/** A gateway made in the console: two APIs that use the link, one that does not, two domains. */
const account = (definition: unknown): FakeAccount => ({
  buckets: {},
  vpcLinks: [{ id: "abc123", targetArns: [balancer] }],
  apis: [
    { id: "other1", name: "something else", deployments: [], stages: [], definition: {} },
    {
      ...{ id: "api111", name: "UUID API dev", deployments: [], definition },
      stages: [
        {
          ...{ stageName: "dev", deploymentId: "dep111", webAclArn },
          variables: { VPCLINK: "abc123", VPCNLB: `${dnsName}:2222` },
        },
      ],
    },
    {
      ...{ id: "api222", name: "entity-api", deployments: [] },
      // No stage variables: the definition itself has the link and the port.
      stages: [{ stageName: "dev", deploymentId: "dep222" }],
      definition: { paths: { "/": { connectionId: "abc123", uri: `http://${dnsName}:3333/` } } },
    },
    { id: "other2", name: "no link", deployments: [], stages: [{ stageName: "dev" }], definition: {} },
  ],
  domainNames: [
    { domainName: "elsewhere.example.com" },
    { domainName: "uuid-api.dev.example.org", regionalCertificateArn: certificate("1") },
    { domainName: "entity-api.dev.example.org", regionalCertificateArn: certificate("2") },
  ],
  mappings: {
    "uuid-api.dev.example.org": [
      { apiId: "api111", apiMappingId: "map111", stage: "dev" },
      { apiId: "api111", apiMappingId: "map112", stage: "dev", apiMappingKey: "v1" },
    ],
    "entity-api.dev.example.org": [{ apiId: "api222", apiMappingId: "map222", stage: "dev" }],
  },
  zones:
    "<ListHostedZonesByNameResponse><HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>example.org.</Name>" +
    "</HostedZone></HostedZones></ListHostedZonesByNameResponse>",
  records: `<ListResourceRecordSetsResponse><ResourceRecordSets>${record53("uuid-api.dev.example.org", "CNAME")}${record53("entity-api.dev.example.org", "A")}</ResourceRecordSets></ListResourceRecordSetsResponse>`,
  answers: {
    DescribeLoadBalancers: query(
      "DescribeLoadBalancers",
      `<LoadBalancers><member><LoadBalancerArn>${balancer}</LoadBalancerArn><DNSName>${dnsName}</DNSName><VpcId>vpc-010000000000000a0</VpcId>` +
        "<SecurityGroups><member>sg-1</member></SecurityGroups><AvailabilityZones>" +
        "<member><SubnetId>subnet-010000000000000b1</SubnetId><LoadBalancerAddresses><member><PrivateIPv4Address>10.1.1.10</PrivateIPv4Address></member></LoadBalancerAddresses></member>" +
        "<member><SubnetId>subnet-010000000000000b2</SubnetId></member></AvailabilityZones></member></LoadBalancers>",
    ),
    DescribeListeners: (body) =>
      query(
        "DescribeListeners",
        field(body, "Marker") === "2"
          ? `<Listeners>${listener(2222, "uuid")}</Listeners>`
          : `<Listeners>${listener(22222, "no")}${listener(3333, "entity")}</Listeners><NextMarker>2</NextMarker>`,
      ),
    DescribeTargetHealth: (body) => {
      const id = field(body, "TargetGroupArn") === targetGroup("uuid") ? "i-010000000000000c1" : "10.1.1.77";
      const target = `<member><Target><Id>${id}</Id></Target></member>`;
      return query(
        "DescribeTargetHealth",
        `<TargetHealthDescriptions>${target}${target}</TargetHealthDescriptions>`,
      );
    },
    DescribeCertificate: (body) =>
      JSON.stringify({
        Certificate: {
          Type: "AMAZON_ISSUED",
          DomainName: body.includes("certificate/1") ? "uuid-api.dev.example.org" : "*.dev.example.org",
          DomainValidationOptions: [{ ValidationMethod: "DNS" }],
        },
      }),
    GetWebACL: JSON.stringify({
      WebACL: {
        Rules: [
          { Statement: { OrStatement: { Statements: [{ IPSetReferenceStatement: { ARN: ipSetArn } }] } } },
        ],
      },
    }),
    GetIPSet: JSON.stringify({ IPSet: { IPAddressVersion: "IPV4", Addresses: ["192.0.2.0/24"] } }),
  },
});

describe("The inventory of an existing gateway, from AWS", function () {
  this.timeout(120_000);
  let definition: unknown;
  let given: FakeAccount;
  let aws: FakeAws;
  let folder: string;

  before(async () => {
    const { resources } = await recorded("dev");
    definition = JSON.parse(String(resources.find(({ name }) => name === "uuid-api-api")?.inputs.body));
  });
  beforeEach(async () => {
    given = account(definition);
    aws = await fakeAws(given);
    folder = mkdtempSync(join(tmpdir(), "gateway-existing-"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await aws.close();
  });
  const read = (vpcLinkId = "abc123") =>
    withAws(aws, () =>
      existingGateway(awsClients("us-east-1"), {
        ...{ stack: "dev", region: "us-east-1", domain: "example.org", vpcLinkId },
      }),
    );

  it("has the load balancer, the web ACL and every API behind the link, over all pages", async () => {
    const { inventory: found, exports, notes } = await read();
    assert.deepEqual(found.zones, [
      { subnetId: "subnet-010000000000000b1", address: "10.1.1.10" },
      { subnetId: "subnet-010000000000000b2" },
    ]);
    assert.deepEqual(found.loadBalancer, { arn: balancer, dnsName, securityGroups: ["sg-1"] });
    assert.deepEqual(found.webAcl, { id: "acl-1", name: "old-acl", ipv4: { id: "set-4", name: "old-v4" } });
    assert.deepEqual(found.allow, { addresses: ["192.0.2.0/24"] });
    assert.deepEqual(found.services, [
      {
        ...{ name: "uuid-api", export: "uuid-api.json", restApiId: "api111", stageName: "dev" },
        ...{ domainName: "uuid-api.dev.example.org", mappingId: "map111", deploymentId: "dep111" },
        stageVariables: { VPCLINK: "abc123", VPCNLB: `${dnsName}:2222` },
        ...{ port: 2222, listenerArn: `${balancer}/2222`, targetGroupArn: targetGroup("uuid") },
        ...{ instances: ["i-010000000000000c1"], certificateArn: certificate("1") },
        recordId: "Z1_uuid-api.dev.example.org_CNAME",
      },
      {
        ...{ name: "entity-api", export: "entity-api.json", restApiId: "api222", stageName: "dev" },
        ...{ domainName: "entity-api.dev.example.org", mappingId: "map222", deploymentId: "dep222" },
        ...{ stageVariables: {}, port: 3333, listenerArn: `${balancer}/3333` },
        ...{ targetGroupArn: targetGroup("entity"), instances: [] },
      },
    ]);
    assert.deepEqual(JSON.parse(exports["uuid-api.json"] ?? ""), definition);
    assert.deepEqual(notes, [
      "uuid-api: is also mapped to uuid-api.dev.example.org/v1, which is not adopted",
      "entity-api: its target group has no instance (targets: 10.1.1.77): add the ids under instances",
      "entity-api: the certificate of entity-api.dev.example.org is for *.dev.example.org: the program creates a new one",
      "entity-api: entity-api.dev.example.org has A records, but the program creates a CNAME: replace them before the import",
    ]);
  });

  it("only reads, and retries when AWS throttles", async () => {
    given.throttles = [
      "GET /restapis",
      "DescribeListeners",
      "GetWebACL",
      "GET /2013-04-01/hostedzonesbyname",
    ];
    const { inventory: found } = await read();
    assert.equal(found.services.length, 2);
    for (const kind of given.throttles)
      assert.ok(aws.requests.filter((request) => request === kind).length > 1);
    for (const request of aws.requests) assert.match(request, /^(GET \/|Describe|Get)/);
  });

  it("is refused for a link that does not exist, and for one that no API uses", async () => {
    await assert.rejects(read("nope11"), /Invalid Vpc Link/);
    given.vpcLinks?.push({ id: "unused", targetArns: [balancer] });
    await assert.rejects(read("unused"), /No REST API in us-east-1 uses VPC link unused/);
  });

  it("is accepted by adopt, once the team has added what AWS does not have", async () => {
    given.apis = given.apis.slice(0, 2);
    const args = [
      "--stack",
      "dev",
      "--vpc-link",
      "abc123",
      "--domain",
      "example.org",
      "--region",
      "us-east-1",
    ];
    const out = join(folder, "existing");
    mkdirSync(out);
    const { code, stdout, stderr } = await runOps(["inventory", ...args, "--out", out], environment(aws));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Add identity, levels, allow\.contact to gateway\.json/);
    const file = join(out, "gateway.json");
    const found = JSON.parse(readFileSync(file, "utf8"));
    await assert.rejects(adoptGateway(projectRoot, file), /identity: .*\n {2}levels: /);
    const { identity, levels, allow } = inventory();
    writeFileSync(file, JSON.stringify({ ...found, identity, levels, allow }));
    const adoption = await adoptGateway(projectRoot, file);
    assert.equal(adoption.imported, 12);
  });
});
