import assert from "node:assert/strict";
import { parseSettings } from "../../stacks/settings";
import { stackConfig } from "../support/fixtures";
import { type Config, inService, problems, refuses } from "./refusals";

const messages = (...args: Parameters<typeof problems>) => problems(...args).map(({ message }) => message);
const accepted = (change: (config: Config, services: Config[]) => void, stack?: string) =>
  assert.deepEqual(messages(change, stack), []);
const set =
  (key: string, value: unknown) =>
  (config: Config): void => {
    config[`gateway:${key}`] = value;
  };

describe("What AWS limits is refused before anything is created:", () => {
  it("a domain name of more than 64 characters, when the zone leaves no room for a short one in its certificate", () => {
    const zone = "research-data-platform.consortium-services.institute.example.org";
    const long = (config: Config, services: Config[]) => {
      config["gateway:domain"] = zone;
      config["gateway:services"] = services.slice(0, 1);
    };
    const found = problems(long);
    assert.deepEqual(
      found.map(({ key }) => key),
      ["gateway:services[0].domain"],
    );
    assert.match(
      found[0]?.message ?? "",
      /at most 64 characters for ACM, uuid-api\.dev\.research.* has 77; .* this one has 64/,
    );
    accepted(inService({ domain: `uuid-api.${"x".repeat(60)}.example.org` }));
  });

  it("a level and a stack name that are together too long for a Lambda function", () => {
    const withLevel = (name: string) => (config: Config) => {
      (config["gateway:levels"] as Config)[name] = { groups: ["g"] };
    };
    assert.match(
      messages(withLevel("dataset-administrators"), "integration-eu").join(),
      /levels\.dataset-administrators: .* a shorter level or stack name: function name integration-eu-dataset-administrators-authorizer-function has 57 characters; at most 56/,
    );
    accepted(withLevel("dataset-administrator"), "integration-eu");
  });

  it("a stack name that AWS refuses at the start of a name, or that ends in a hyphen", () => {
    for (const stack of ["internal", "internal-x", "sg", "sg-prod"])
      assert.match(
        messages(() => {}, stack).join(),
        /^stack name: .* does not start with internal or sg/,
        stack,
      );
    for (const stack of ["dev-", "-dev", "Dev", "a".repeat(17), ""])
      assert.match(messages(() => {}, stack).join(), /^stack name: .* ending with a letter or digit$/, stack);
    for (const stack of ["internals", "sgp", "x", "a".repeat(16)]) accepted(() => {}, stack);
  });

  it("a new network whose subnets would be smaller than /28", () => {
    const create = (length: number, zones: number) =>
      set("network", { create: { cidr: `10.9.0.0/${length}`, zones } });
    for (const [zones, longest] of [
      [1, 27],
      [2, 26],
      [3, 25],
      [4, 25],
      [5, 24],
      [6, 24],
    ] as const) {
      accepted(create(longest, zones));
      refuses(
        create(longest + 1, zones),
        "gateway:network.create.cidr",
        new RegExp(`a range of /${longest} or larger: ${zones} zones need ${2 * zones} subnets`),
      );
    }
  });

  it("tags that differ in case only, which IAM refuses", () => {
    refuses(set("tags", { Team: "a", team: "b" }), "gateway:tags.team", /differ in more than case/);
    refuses(set("tags", { Stage: "dev" }), "gateway:tags.Stage", /the key stage in lower case, or none/);
  });

  it("a configuration larger than an environment variable, with its largest key", () => {
    const allow = (count: number) => {
      const addresses = Array.from({ length: count }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`);
      return set("allow", { contact: "help@example.org", addresses });
    };
    accepted(allow(5000));
    const [finding, ...others] = problems(allow(10_000));
    assert.deepEqual(others, []);
    assert.equal(finding?.key, "gateway:allow");
    assert.match(
      finding?.message ?? "",
      /at most 131057 bytes, this one has \d{6} .*combine addresses into wider ranges/,
    );
  });

  it("an allow list that admits everybody, in one range or in several", () => {
    const allow = (...addresses: string[]) => set("allow", { contact: "x", addresses });
    for (const range of ["0.0.0.0/1", "16.0.0.0/7", "2000::/3", "2000::/15"])
      assert.match(
        messages(allow(range)).join(),
        /an allow list admits at most a \/(8|16) in one range/,
        range,
      );
    const eighths = Array.from({ length: 32 }, (_, i) => `${i + 1}.0.0.0/8`);
    refuses(allow(...eighths), "gateway:allow.addresses", /together cover less than 1\/16 of all IPv4/);
    accepted(allow(...eighths.slice(0, 15), "2001::/16"));
    accepted(allow("1.0.0.0/8", ...Array.from({ length: 200 }, (_, i) => `1.${i}.0.0/16`)));
  });

  it("a region in China, whose partition differs in more than its ARNs", () => {
    refuses(
      (config) => Object.assign(config, { "aws:region": "cn-north-1" }),
      "aws:region",
      /aws-cn is not supported/,
    );
  });
});

describe("The settings of a stage", () => {
  const parsed = (change: Config) =>
    parseSettings({ ...stackConfig("dev"), ...change }, { stack: "dev", file: "Pulumi.dev.yaml" });

  it("have the tag stage, which the policies require, unless they set it", () => {
    assert.deepEqual(parsed({ "gateway:tags": { team: "a" } }).tags, { team: "a", stage: "dev" });
    assert.deepEqual(parsed({ "gateway:tags": { stage: "x" } }).tags, { stage: "x" });
    assert.deepEqual(parsed({ "gateway:tags": undefined }).tags, { stage: "dev" });
  });

  it("write IPv6 ranges as AWS WAF returns them", () => {
    const addresses = ["2001:0DB8:0::/32", "192.0.2.0/24"];
    const { allow } = parsed({ "gateway:allow": { contact: "x", addresses } });
    assert.deepEqual(allow?.addresses, ["2001:db8::/32", "192.0.2.0/24"]);
  });
});
