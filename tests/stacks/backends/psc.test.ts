import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { planPsc as plan } from "../../../stacks/backends/psc/plan";
import type { PscService } from "../../../stacks/backends/psc/types";
import { parseSettings, type Settings } from "../../../stacks/settings";
import { certificateAuthority, requireOpenssl } from "../../commands/local/nginx/support";
import { stackConfig } from "../../support/fixtures";

type Loose = Record<string, unknown>;

function settings(services: Loose[], psc: Loose = {}) {
  const config = { ...stackConfig("dev"), "gateway:services": services, "gateway:psc": psc };
  return parseSettings(config, { stack: "dev", file: "Pulumi.dev.yaml" });
}

/** The plan of the services that have a PSC backend. */
function planPsc(settings: Settings, root: string, now?: Date) {
  const services = settings.services.flatMap((service, index): PscService[] => {
    const { psc } = service.backend;
    const locate = (...path: string[]) => settings.locate(["services", index, "backend", "psc", ...path]);
    return psc ? [{ ...service, backend: psc, locate }] : [];
  });
  return plan(services, { ...settings, root }, now);
}

const api = (name: string, port: number, backend: Loose, more: Loose = {}) => ({
  name,
  spec: `specs/${name}.yaml`,
  port,
  backend,
  ...more,
});
const ingest = (psc: Loose = {}, more: Loose = {}) =>
  api(
    "ingest-api",
    8443,
    { psc: { host: "vm.psc.example.edu", port: 8443, addresses: ["192.0.2.0/25"], ...psc } },
    more,
  );
const workspaces = (psc: Loose = {}) =>
  api("workspaces-api", 7777, { psc: { host: "192.0.2.200", port: 5050, protocol: "http", ...psc } });
const root = mkdtempSync(join(tmpdir(), "gateway-psc-"));
const rules = (services: Loose[], psc?: Loose, now?: Date) =>
  planPsc(settings(services, psc), root, now).findings.map(({ level, rule }) => `${level} ${rule}`);

describe("The plan of a stage's PSC proxies", () => {
  it("is empty for a stage without PSC backends", () => {
    const { plans, findings } = planPsc(
      settings([api("uuid-api", 2222, { instances: ["i-0123456789abcdef0"] })]),
      root,
    );
    assert.deepEqual([plans, findings], [[], []]);
  });

  it("puts every service that names no instance on the stage's own proxies", () => {
    const { plans } = planPsc(settings([ingest(), workspaces()]), root);
    assert.equal(plans.length, 1);
    assert.deepEqual([plans[0]?.name, plans[0]?.instances], ["dev-psc", undefined]);
    assert.deepEqual(
      plans[0]?.configuration.services.map(({ name }) => name),
      ["ingest-api", "workspaces-api"],
    );
    assert.deepEqual(plans[0]?.partners, [
      { cidr: "192.0.2.0/25", port: 8443 },
      { cidr: "192.0.2.200/32", port: 5050 },
    ]);
  });

  it("groups services by the instances they name, in whatever order", () => {
    const [a, b] = ["i-0123456789abcdef1", "i-0123456789abcdef2"];
    const { plans } = planPsc(settings([ingest({ proxy: [b, a] }), workspaces({ proxy: [a, b] })]), root);
    assert.deepEqual(
      plans.map(({ name, instances }) => [name, instances]),
      [[`dev-psc-${a}`, [a, b]]],
    );
  });

  it("takes the longest timeout of a service's routes, its domain and its base path", () => {
    const timeoutMs = { default: 10000, rules: { "GET /status": 60000 } };
    const { plans } = planPsc(settings([ingest({}, { timeoutMs, basePath: "v2" })]), root);
    const [service] = plans[0]?.configuration.services ?? [];
    assert.equal(service?.timeoutMs, 60000);
    assert.equal(service?.publicUrl, "https://ingest-api.dev.example.org/v2");
    const [usual] = planPsc(settings([ingest()]), root).plans[0]?.configuration.services ?? [];
    assert.deepEqual([usual?.timeoutMs, usual?.maxBodyMb, usual?.upstream.protocol], [29000, 10, "https"]);
  });

  it("takes a service's own CA bundle before the stage's, and none for plain HTTP", function () {
    requireOpenssl(this);
    const [own, shared] = ["own", "shared"].map((name) => {
      const { cert } = certificateAuthority(name);
      writeFileSync(join(root, `${name}.pem`), cert);
      return cert;
    });
    const upstreams = (...services: Loose[]) =>
      planPsc(settings(services, { ca: "shared.pem" }), root).plans[0]?.configuration.services.map(
        ({ upstream }) => upstream.ca,
      );
    assert.deepEqual(upstreams(ingest({ tls: { ca: "own.pem" } }), workspaces()), [own, undefined]);
    assert.deepEqual(upstreams(ingest()), [shared]);
  });

  it("warns about a CA certificate that ends within 30 days, not before", function () {
    requireOpenssl(this); // its certificates hold for two days
    writeFileSync(join(root, "soon.pem"), certificateAuthority("soon").cert);
    const service = ingest({ tls: { ca: "soon.pem" } });
    assert.deepEqual(rules([service]), ["warning psc-ca-expires"]);
    const earlier = new Date(Date.now() - 60 * 24 * 3600 * 1000);
    assert.deepEqual(rules([service], {}, earlier), []);
  });

  it("warns about plain HTTP, with the place of the setting", () => {
    const [finding] = planPsc(settings([workspaces()]), root).findings;
    assert.equal(finding?.level, "warning");
    assert.match(finding?.message ?? "", /192\.0\.2\.200:5050 unencrypted, tokens included/);
    assert.match(finding?.where ?? "", /Pulumi\.dev\.yaml/);
  });

  it("refuses plain HTTP in production without a reason", () => {
    const levels = (psc: Loose, production: boolean) =>
      planPsc({ ...settings([workspaces(psc)]), production }, root).findings.map(({ level }) => level);
    assert.deepEqual(levels({}, true), ["error"]);
    assert.deepEqual(levels({ plainHttp: "a private line until the certificate is there" }, true), [
      "warning",
    ]);
    assert.deepEqual(levels({}, false), ["warning"]);
  });

  it("refuses the proxy itself and the metadata service as the partner", () => {
    for (const host of ["127.0.0.1", "169.254.169.254", "0.0.0.0", "255.255.255.255"])
      assert.throws(() => settings([ingest({ host })]), /an IPv4 address that is not loopback/, host);
  });

  it("mentions that API Gateway refuses bodies above 10 MB", () => {
    assert.deepEqual(rules([ingest({ maxBodyMb: 200 })]), ["info psc-body-limit"]);
    assert.deepEqual(rules([ingest({ maxBodyMb: 10 })]), []);
  });

  it("refuses a name without addresses for the stage's own proxies, not for an existing one", () => {
    const named = { addresses: undefined };
    assert.deepEqual(rules([ingest(named)]), ["error psc-addresses"]);
    assert.deepEqual(rules([ingest({ ...named, proxy: "i-0123456789abcdef1" })]), []);
  });

  it("refuses TLS to an address without the name in its certificate", () => {
    const bare = { host: "192.0.2.7", addresses: undefined };
    assert.deepEqual(rules([ingest(bare)]), ["error psc-server-name"]);
    assert.deepEqual(rules([ingest({ ...bare, tls: { serverName: "vm.psc.example.edu" } })]), []);
    assert.deepEqual(rules([ingest()]), []);
  });

  it("refuses two lists of proxies that share an instance", () => {
    const [a, b] = ["i-0123456789abcdef1", "i-0123456789abcdef2"];
    assert.deepEqual(
      rules([
        ingest({ proxy: [a, b] }),
        workspaces({ proxy: b, host: "vm.psc.example.edu", protocol: "https" }),
      ]),
      ["error psc-proxy-shared"],
    );
  });

  it("refuses a CA bundle that is not there, is none, or is too large to travel", () => {
    writeFileSync(join(root, "none.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    writeFileSync(join(root, "large.pem"), rootCertificates.join("\n"));
    assert.deepEqual(rules([ingest({ tls: { ca: "absent.pem" } })]), ["error psc-ca"]);
    assert.deepEqual(rules([ingest({ tls: { ca: "none.pem" } })]), ["error psc-ca"]);
    const later = new Date(0);
    const { findings } = planPsc(settings([ingest({ tls: { ca: "large.pem" } })]), root, later);
    assert.match(
      findings[0]?.message ?? "",
      /compressed bytes; user data can have 16384\. Shorten the CA bundles/,
    );
  });

  it("refuses a service on the health port", () => {
    const [finding] = planPsc(settings([ingest()], { healthPort: 8443 }), root).findings;
    assert.match(finding?.message ?? "", /service "ingest-api", port: 8443 is not a free port/);
  });

  it("is not made from settings that say two things at once", () => {
    assert.throws(
      () => settings([workspaces({ tls: { serverName: "a.example.edu" } })]),
      /backend\.psc\.tls: .*no tls with protocol: http/,
    );
    assert.throws(
      () => settings([ingest()], { minSize: 2, maxSize: 2 }),
      /gateway:psc\.maxSize: found 2; accepted: more than minSize \(2\)/,
    );
    assert.throws(
      () => settings([ingest({ host: "vm.example.edu; return 200" })]),
      /a domain name or an IPv4 address|a domain name in lower case/,
    );
    assert.throws(
      () => settings([ingest()], { instanceType: "t3.small" }),
      /an instance type with an Arm processor/,
    );
  });
});
