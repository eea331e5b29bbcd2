import assert from "node:assert/strict";
import { projectRoot } from "../../../lib/project-root";
import { modelOf } from "../../../offline/model";
import { type Recording, record } from "../../../offline/recording";
import { primaryInterfaceOf } from "../../../offline/recording/mocks/names";
import { readStack } from "../../../offline/recording/stack-file";
import { wiringFindings } from "../../../offline/wiring";
import { recorded } from "../recorded";
import { address, forAuthorizers, forRoutes, type Mistake, make, remove, set, validation } from "../wires";

/** The ACL itself, not the component around it. */
const declared = ({ scope }: Record<string, unknown>) => scope !== undefined;

describe("The wiring", () => {
  let dev: Recording;

  before(async function () {
    this.timeout(60_000);
    dev = await recorded("dev");
  });

  function findingsAfter(mistake: Mistake) {
    const recording = structuredClone(dev);
    make(mistake, recording);
    return wiringFindings(modelOf(recording));
  }

  it("of the dev stack is whole", () => {
    assert.deepEqual(wiringFindings(modelOf(dev)), []);
  });

  const mistakes: { what: string; rule: string; where: RegExp; mistake: Mistake }[] = [
    {
      what: "a link that does not lead to the load balancer in VPCNLB",
      rule: "link-to-another-load-balancer",
      where: /^service uuid-api$/,
      mistake: (find) =>
        set(find("VpcLink"), {
          targetArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/old/0",
        }),
    },
    {
      what: "a VPCLINK that is no link of the stack",
      rule: "unknown-vpc-link",
      where: /^service uuid-api$/,
      mistake: (find) => {
        const stage = find("Stage", "uuid-api");
        set(stage, { variables: { ...(stage.inputs.variables as object), VPCLINK: "zzzzzz" } });
      },
    },
    {
      what: "a VPCNLB that is no load balancer of the stack",
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
      what: "a listener that forwards nowhere",
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
      what: "a target group with nothing attached",
      rule: "no-target",
      where: /^service search-api$/,
      mistake: (find, recording) => remove(recording, find("TargetGroupAttachment", "search-api")),
    },
    {
      what: "a security group that admits one of the load balancer's addresses only",
      rule: "security-group-refuses",
      where: /^service search-api$/,
      mistake: (find, recording) => remove(recording, find("SecurityGroupIngressRule", "search-api")),
    },
    {
      what: "a security group that admits the load balancer on another port",
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
      rule: "load-balancer-keeps-in",
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
      what: "an authorizer without invoke permission",
      rule: "authorizer-without-permission",
      where: /^service uuid-api$/,
      mistake: (find, recording) => remove(recording, find("Permission", "uuid-api", forAuthorizers)),
    },
    {
      what: "an authorizer's permission for another API",
      rule: "authorizer-without-permission",
      where: /^service uuid-api$/,
      mistake: (find) =>
        set(find("Permission", "uuid-api", forAuthorizers), {
          sourceArn: find("Permission", "entity-api", forAuthorizers).inputs.sourceArn,
        }),
    },
    {
      what: "a 404 function without invoke permission",
      rule: "function-without-permission",
      where: /^service uuid-api, ANY \//,
      mistake: (find, recording) => remove(recording, find("Permission", "uuid-api", forRoutes)),
    },
    {
      what: "a definition that calls a function nobody declares",
      rule: "unknown-function",
      where: /^service uuid-api/,
      mistake: (find, recording) => remove(recording, find("Function", "dev-not-found")),
    },
    {
      what: "a stage variable that is used but not set",
      rule: "stage-variable-unset",
      where: /^service uuid-api$/,
      mistake: (find) => {
        const stage = find("Stage", "uuid-api");
        const { VPCLINK } = stage.inputs.variables as Record<string, string>;
        set(stage, { variables: { VPCLINK } });
      },
    },
    {
      what: "a mapping to another stage",
      rule: "mapping-to-another-stage",
      where: /^mapping uuid-api/,
      mistake: (find) => set(find("ApiMapping", "uuid-api"), { stage: "test" }),
    },
    {
      what: "a mapping to an API of another stack",
      rule: "mapping-to-unknown-api",
      where: /^mapping uuid-api/,
      mistake: (find) => set(find("ApiMapping", "uuid-api"), { apiId: "a1b2c3d4e5" }),
    },
    {
      what: "a mapping of a domain name nobody declares",
      rule: "mapping-of-unknown-domain",
      where: /^mapping uuid-api/,
      mistake: (find) => set(find("ApiMapping", "uuid-api"), { domainName: "uuid.example.net" }),
    },
    {
      what: "an API that no mapping leads to",
      rule: "api-without-mapping",
      where: /^service uuid-api$/,
      mistake: (find, recording) => remove(recording, find("ApiMapping", "uuid-api")),
    },
    {
      what: "two mappings on one path",
      rule: "mappings-on-one-path",
      where: /^mapping entity-api/,
      mistake: (find) =>
        set(find("ApiMapping", "entity-api"), {
          domainName: find("ApiMapping", "uuid-api").inputs.domainName,
        }),
    },
    {
      what: "a stage that serves another API's deployment",
      rule: "deployment-of-another-api",
      where: /^service uuid-api$/,
      mistake: (find) => set(find("Stage", "uuid-api"), { deployment: find("Deployment", "entity-api").id }),
    },
    {
      what: "a domain name without a record",
      rule: "domain-without-record",
      where: /^domain uuid-api\.dev\.example\.org$/,
      mistake: (find, recording) => remove(recording, find("Record", "uuid-api", address)),
    },
    {
      what: "a record that points at another API's domain",
      rule: "record-leads-elsewhere",
      where: /^domain uuid-api\.dev\.example\.org$/,
      mistake: (find) =>
        set(find("Record", "uuid-api", address), {
          records: find("Record", "entity-api", address).inputs.records,
        }),
    },
    {
      what: "a certificate that nothing validates",
      rule: "certificate-not-validated",
      where: /^domain uuid-api\.dev\.example\.org$/,
      mistake: (find, recording) => remove(recording, find("CertificateValidation", "uuid-api")),
    },
    {
      what: "a certificate whose validation record is missing",
      rule: "certificate-not-validated",
      where: /^domain uuid-api\.dev\.example\.org$/,
      mistake: (find, recording) => remove(recording, find("Record", "uuid-api", validation)),
    },
    {
      what: "a domain name that does not wait for its certificate",
      rule: "domain-before-certificate",
      where: /^domain uuid-api\.dev\.example\.org$/,
      mistake: (find) => {
        find("DomainName", "uuid-api").options.dependsOn = [];
      },
    },
    {
      what: "a domain name without a certificate",
      rule: "domain-without-certificate",
      where: /^domain uuid-api\.dev\.example\.org$/,
      mistake: (find) => set(find("DomainName", "uuid-api"), { regionalCertificateArn: undefined }),
    },
    {
      what: "a certificate for another name",
      rule: "certificate-of-another-name",
      where: /^domain uuid-api\.dev\.example\.org$/,
      mistake: (find) => set(find("Certificate", "uuid-api"), { domainName: "*.example.org" }),
    },
    {
      what: "a non-production stage without web ACL",
      rule: "stage-without-web-acl",
      where: /^service uuid-api$/,
      mistake: (find, recording) => remove(recording, find("WebAclAssociation", "uuid-api")),
    },
    {
      what: "a web ACL with an IP set of another stack",
      rule: "unknown-ip-set",
      where: /^web ACL dev/,
      mistake: (find, recording) =>
        remove(
          recording,
          find("IpSet", undefined, ({ ipAddressVersion }) => ipAddressVersion === "IPV4"),
        ),
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
      rule: "shared-port",
      where: /^listener /,
      mistake: (find) => set(find("Listener", "entity-api"), { port: 2222 }),
    },
    {
      what: "a record in another zone",
      rule: "record-in-another-zone",
      where: /^domain uuid-api\.dev\.example\.org$/,
      mistake: (find) => set(find("Record", "uuid-api", address), { zoneId: "Z0ELSEWHERE" }),
    },
    {
      what: "a validation record in another zone",
      rule: "certificate-not-validated",
      where: /^domain uuid-api\.dev\.example\.org$/,
      mistake: (find) => set(find("Record", "uuid-api", validation), { zoneId: "Z0ELSEWHERE" }),
    },
    {
      what: "a certificate of another region",
      rule: "certificate-in-another-region",
      where: /^domain uuid-api\.dev\.example\.org$/,
      mistake: (find) => set(find("Certificate", "uuid-api"), { region: "us-west-2" }),
    },
    {
      what: "a certificate that somebody must answer a mail for",
      rule: "certificate-not-validated",
      where: /^domain uuid-api\.dev\.example\.org$/,
      mistake: (find) => set(find("Certificate", "uuid-api"), { validationMethod: "EMAIL" }),
    },
    {
      what: "an edge-optimized domain name with a mapping",
      rule: "domain-not-regional",
      where: /^domain uuid-api\.dev\.example\.org$/,
      mistake: (find) => set(find("DomainName", "uuid-api"), { endpointConfiguration: { types: "EDGE" } }),
    },
    {
      what: "a stage without a deployment",
      rule: "stage-without-deployment",
      where: /^service uuid-api$/,
      mistake: (find) => set(find("Stage", "uuid-api"), { deployment: "" }),
    },
    {
      what: "a listener that does not speak TCP",
      rule: "protocol-not-tcp",
      where: /^service uuid-api$/,
      mistake: (find) => set(find("Listener", "uuid-api"), { protocol: "TLS" }),
    },
    {
      what: "a target group that does not speak TCP",
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
      rule: "target-of-another-kind",
      where: /^service uuid-api$/,
      mistake: (find) => set(find("TargetGroup", "uuid-api"), { targetType: "ip" }),
    },
    {
      what: "a VPC link to an application load balancer",
      rule: "not-a-network-load-balancer",
      where: /^service uuid-api$/,
      mistake: (find) => set(find("LoadBalancer"), { loadBalancerType: "application" }),
    },
    {
      what: "an authorizer that calls the function of another level",
      rule: "authorizer-of-another-level",
      where: /^service uuid-api$/,
      mistake: (find) => {
        const api = find("RestApi", "uuid-api");
        const name = (level: string) => String(find("Function", `dev-${level}-authorizer`).outputs.name);
        set(api, { body: String(api.inputs.body).replaceAll(name("read"), name("create")) });
      },
    },
    {
      what: "an authorizer that calls the 404 function",
      rule: "authorizer-of-another-level",
      where: /^service uuid-api$/,
      mistake: (find) => {
        const api = find("RestApi", "uuid-api");
        const [read, other] = [find("Function", "dev-read-authorizer"), find("Function", "dev-not-found")];
        const body = String(api.inputs.body).replaceAll(
          String(read.outputs.name),
          String(other.outputs.name),
        );
        set(api, { body });
      },
    },
    {
      what: "a web ACL for CloudFront",
      rule: "web-acl-of-another-scope",
      where: /^web ACL dev/,
      mistake: (find) => set(find("WebAcl", undefined, declared), { scope: "CLOUDFRONT" }),
    },
    {
      what: "a web ACL with a body that it does not declare",
      rule: "unknown-response-body",
      where: /^web ACL dev/,
      mistake: (find) => set(find("WebAcl", undefined, declared), { customResponseBodies: [] }),
    },
    {
      what: "a web ACL that admits nobody",
      rule: "web-acl-admits-nobody",
      where: /^web ACL dev/,
      mistake: (find) => set(find("WebAcl", undefined, declared), { rules: [] }),
    },
    {
      what: "an IP set with addresses of the other family",
      rule: "ip-set-of-another-family",
      where: /^web ACL dev/,
      mistake: (find) =>
        set(
          find("IpSet", undefined, ({ ipAddressVersion }) => ipAddressVersion === "IPV6"),
          { ipAddressVersion: "IPV4" },
        ),
    },
    {
      what: "an output that became text",
      rule: "broken-value",
      where: /TargetGroup uuid-api/,
      mistake: (find) => set(find("TargetGroup", "uuid-api"), { tags: { url: "https://undefined:2222/x" } }),
    },
  ];

  for (const { what, rule, where, mistake } of mistakes) {
    it(`shows ${what}`, () => {
      const found = findingsAfter(mistake).filter(
        (finding) => finding.rule === rule && where.test(finding.where),
      );
      assert.equal(
        found.length > 0,
        true,
        `expected ${rule} at ${where}, found ${JSON.stringify(findingsAfter(mistake))}`,
      );
      for (const { level, message } of found) {
        assert.equal(level, "error");
        assert.ok(message.length > 30, message);
      }
    });
  }

  it("shows a health check on a port that no rule admits", () => {
    const findings = findingsAfter((find) =>
      set(find("TargetGroup", "uuid-api"), { healthCheck: { port: "8079" } }),
    );
    assert.deepEqual([...new Set(findings.map(({ rule }) => rule))], ["health-check-refused"]);
    assert.match(
      findings[0]?.message ?? "",
      /health check fails: no security group of i-\w+ admits .* on port 8079/,
    );
  });

  it("shows one mistake as one finding where it has one consequence", () => {
    const rules = findingsAfter((find, recording) => remove(recording, find("Listener", "entity-api"))).map(
      ({ rule }) => rule,
    );
    assert.deepEqual(rules, ["no-listener"]);
  });

  it("of a stage with a network of its own is whole, by the addresses that AWS chose", async () => {
    const network = { create: { cidr: "10.1.0.0/16", zones: 3 } };
    const recording = await record("dev", { settingsOverride: { "gateway:network": network } });
    assert.deepEqual(wiringFindings(modelOf(recording)), []);
  });

  it("of a stage with proxies of its own goes through their auto scaling group", async () => {
    const { config } = readStack(projectRoot, "dev");
    const services: { backend: { psc?: { host: string; port: number } } }[] = JSON.parse(
      config["gateway:services"] ?? "",
    );
    for (const { backend } of services) {
      const { host, port } = backend.psc ?? { host: "", port: 0 };
      if (backend.psc) backend.psc = { host, port, addresses: ["192.0.2.0/24"] } as typeof backend.psc;
    }
    const recording = await record("dev", { settingsOverride: { "gateway:services": services } });
    assert.deepEqual(wiringFindings(modelOf(recording)), []);
    make((find) => {
      const [card] = find("LaunchTemplate").inputs.networkInterfaces as { securityGroups: string[] }[];
      assert.ok(card);
      card.securityGroups = [];
    }, recording);
    const rules = wiringFindings(modelOf(recording)).map(({ rule }) => rule);
    assert.deepEqual([...new Set(rules)].sort(), ["load-balancer-keeps-in", "security-group-refuses"]);
  });

  it("of an open production stage needs no web ACL", () => {
    const findings = findingsAfter((find, recording) => {
      recording.stack = "prod";
      remove(recording, find("WebAclAssociation", "uuid-api"));
    });
    assert.deepEqual(findings, []);
  });

  it("accepts a permission for all methods, and one from the load balancer's security group", () => {
    const findings = findingsAfter((find, recording) => {
      const [one, ...others] = recording.resources.filter(
        ({ type, inputs }) => type.endsWith(":SecurityGroupIngressRule") && inputs.fromPort === 2222,
      );
      assert.ok(one);
      remove(recording, ...others);
      set(one, { cidrIpv4: undefined, referencedSecurityGroupId: find("SecurityGroup", "dev-nlb").id });
    });
    assert.deepEqual(findings, []);
  });
});
