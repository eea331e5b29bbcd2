import assert from "node:assert/strict";
import { join } from "node:path";
import { problemText } from "../../stacks/report";
import { parseSettings, readStackFile } from "../../stacks/settings";
import { fixtures, stackConfig } from "../support/fixtures";
import { type Config, inService, problems, refuses } from "./refusals";

describe("The settings of", () => {
  for (const stack of ["dev", "test", "stage", "prod"]) {
    it(`the stack ${stack} are accepted`, () => {
      const settings = readStackFile(join(fixtures, `Pulumi.${stack}.yaml`), stack);
      assert.equal(settings.stage, stack);
      assert.equal(settings.production, stack === "prod");
    });
  }

  it("a stage name its domains by the stage, and production's by api", () => {
    const domains = (stack: string) =>
      readStackFile(join(fixtures, `Pulumi.${stack}.yaml`), stack).services.map(({ domain }) => domain);
    assert.equal(domains("dev")[0], "uuid-api.dev.example.org");
    assert.equal(domains("prod")[0], "uuid.api.example.org");
  });

  it("a stage called otherwise are production's when they say so", () => {
    const config = { ...stackConfig("prod"), "gateway:production": true };
    const settings = parseSettings(config, { stack: "live", file: "Pulumi.live.yaml" });
    assert.deepEqual(
      [settings.production, settings.protect, settings.services[0]?.domain],
      [true, true, "uuid.api.example.org"],
    );
  });

  it("a stage read the same from a file and from Pulumi, which passes JSON texts", () => {
    const config = stackConfig("dev");
    const texts = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    const plain = ({ locate: _, ...rest }: ReturnType<typeof parseSettings>) => rest;
    const source = { stack: "dev", file: "Pulumi.dev.yaml" };
    assert.deepEqual(plain(parseSettings(texts, source)), plain(parseSettings(config, source)));
  });

  it("a stage tell the line of a key", () => {
    const settings = readStackFile(join(fixtures, "Pulumi.dev.yaml"), "dev");
    assert.match(settings.locate(["services", 0, "port"]), /^Pulumi\.dev\.yaml:\d+:\d+$/);
  });
});

describe("Settings are refused", () => {
  it("all at once, in the order of the file", () => {
    const found = problems((config, services) => {
      Object.assign(services[0] as Config, { port: 70000 });
      Object.assign(services[1] as Config, { port: 70000, prot: 1 });
      config["gateway:domian"] = "x";
    });
    assert.deepEqual(
      new Set(found.map(({ key }) => key)),
      new Set([
        "gateway:services[0].port",
        "gateway:services[1].port",
        "gateway:services[1].prot",
        "gateway:domian",
      ]),
    );
    const lines = found.map(({ where }) => Number(where.split(":")[1]));
    assert.deepEqual(
      lines,
      [...lines].sort((a, b) => a - b),
    );
  });

  it("for a misspelt key, with the one that was meant", () => {
    refuses(
      (config) => {
        config["gateway:keepDeployment"] = true;
      },
      "gateway:keepDeployment",
      /unknown key gateway:keepDeployment; did you mean keepDeployments\?/,
    );
    refuses(inService({ timeoutsMs: {} }), "gateway:services[0].timeoutsMs", /did you mean timeoutMs\?/);
  });

  it("for a missing key, with what it is for", () => {
    refuses(
      (config) => {
        delete config["gateway:domain"];
      },
      "gateway:domain",
      /found nothing; accepted: text \(Public Route 53 zone/,
    );
  });

  it("for a key without its namespace", () => {
    refuses(
      (config) => {
        config.domain = config["gateway:domain"];
        delete config["gateway:domain"];
      },
      "gateway:domain",
      /found nothing; .*; write the key domain as gateway:domain/,
    );
  });

  it("for a port out of range, in text, or taken", () => {
    refuses(inService({ port: 0 }), "gateway:services[0].port", /at least 1/);
    refuses(inService({ port: 65536 }), "gateway:services[0].port", /at most 65535/);
    refuses(inService({ port: "2222" }), "gateway:services[0].port", /whole number/);
    refuses(inService({ port: 3333 }), "gateway:services[1].port", /3333 is already at \[0\]/);
  });

  it("for a name that is taken or too long for its target group", () => {
    refuses(
      inService({ name: "entity-api", domain: "x.example.org" }),
      "gateway:services[1].name",
      /already at \[0\]/,
    );
    refuses(inService({ name: "a-service-of-20-chars" }), "gateway:services[0].name", /at most 19/);
  });

  it("for two services at one address, but not for two base paths of one domain", () => {
    refuses(
      inService({ domain: "entity-api.dev.example.org" }),
      "gateway:services[1]",
      /entity-api.dev.example.org\/ is already at \[0\]/,
    );
    assert.deepEqual(problems(inService({ domain: "entity-api.dev.example.org", basePath: "v2" })), []);
  });

  it("for a domain outside the zone, and a base path with a slash around it", () => {
    for (const domain of ["uuid.example.com", "uuid.notexample.org", "uuid.example.org.example.com"]) {
      refuses(inService({ domain }), "gateway:services[0].domain", /ends in \.example\.org/);
    }
    refuses(
      inService({ basePath: "/v3" }),
      "gateway:services[0].basePath",
      /without a leading or trailing \//,
    );
  });

  it("for ranges with host bits, plain addresses, everything, and repetitions", () => {
    const allow =
      (...addresses: string[]) =>
      (config: Config) => {
        config["gateway:allow"] = { contact: "x", addresses };
      };
    const key = "gateway:allow.addresses[0]";
    refuses(allow("192.0.2.1/24"), key, /the range is 192\.0\.2\.0\/24/);
    refuses(allow("2001:db8::1/32"), key, /the range is 2001:db8::\/32/);
    refuses(allow("192.0.2.1"), key, /write one address as 192\.0\.2\.1\/32/);
    refuses(allow("2001:db8::1"), key, /write one address as 2001:db8::1\/128/);
    refuses(allow("0.0.0.0/0"), key, /every prefix length but 0/);
    refuses(allow("10.0/8"), key, /not an address range/);
    refuses(allow("192.0.2.0/24", "192.0.2.0/24"), "gateway:allow.addresses[1]", /each range once/);
    refuses(allow("2001:db8::/32", "2001:0DB8:0::/32"), "gateway:allow.addresses[1]", /each range once/);
  });

  it("without an allow list, unless the stage is production", () => {
    const without = (production?: boolean) => (config: Config) => {
      delete config["gateway:allow"];
      if (production !== undefined) config["gateway:production"] = production;
    };
    const keys = (...args: Parameters<typeof problems>) => problems(...args).map(({ key }) => key);
    assert.deepEqual(keys(without(), "test"), ["gateway:allow"]);
    assert.deepEqual(keys(without(), "prod"), []);
    assert.deepEqual(keys(without(true), "production"), []);
    assert.deepEqual(keys(without(false), "prod"), ["gateway:allow"]);
  });

  it("when the web ACL would stop the keep-alive", () => {
    refuses(
      (config) => {
        config["gateway:keepAlive"] = { everyDays: 7 };
      },
      "gateway:keepAlive.network",
      /behind a NAT gateway whose address is in gateway:allow/,
    );
  });

  it("for a region that is none, but not for one that the environment is to give", () => {
    refuses((config) => Object.assign(config, { "aws:region": "moon-1" }), "aws:region", /moon-1.*us-east-1/);
    refuses(
      (config) => Object.assign(config, { "aws:region": "us-esat-1" }),
      "aws:region",
      /did you mean us-east-1\?/,
    );
    assert.deepEqual(
      problems((config) => {
        config["aws:region"] = "us-gov-west-1";
      }),
      [],
    );
    assert.deepEqual(
      problems((config) => {
        delete config["aws:region"];
      }),
      [],
    );
  });

  it("for an id of the wrong kind", () => {
    refuses(
      (config) => {
        (config["gateway:network"] as Config).vpcId = "subnet-0123456789abcdef0";
      },
      "gateway:network.vpcId",
      /vpc-0123456789abcdef0/,
    );
    refuses(
      inService({ backend: { instances: ["i-123"] } }),
      "gateway:services[0].backend.instances[0]",
      /17 \(or 8\) hexadecimal/,
    );
  });

  it("for a VPC without zones, and for zones next to a network that is made", () => {
    const network = (value: Config) => (config: Config) => {
      config["gateway:network"] = value;
    };
    refuses(
      network({ vpcId: "vpc-0123456789abcdef0" }),
      "gateway:network.zones",
      /per availability zone of the VPC/,
    );
    refuses(
      network({
        create: { cidr: "10.1.0.0/16", zones: 2 },
        zones: [{ subnetId: "subnet-0123456789abcdef0" }],
      }),
      "gateway:network.zones",
      /create\.zones already sets the number/,
    );
    refuses(
      network({ create: { cidr: "10.1.0.0/8", zones: 2 } }),
      "gateway:network.create.cidr",
      /10\.0\.0\.0\/8/,
    );
  });

  it("for a retired API with a name or an address that is taken, or a redirect to no https URL", () => {
    const retired = (change: Config) => (config: Config) => {
      const old = { name: "search-v2-api", redirectTo: "https://search-api.dev.example.org/v3" };
      config["gateway:retired"] = [{ ...old, ...change }];
    };
    assert.deepEqual(problems(retired({})), []);
    assert.deepEqual(problems(retired({ domain: "search-api.dev.example.org", basePath: "v2" })), []);
    refuses(
      retired({ name: "uuid-api", basePath: "v1" }),
      "gateway:retired[0].name",
      /a name that no other service has \(uuid-api is already at \[0\]\)/,
    );
    refuses(
      retired({ domain: "search-api.dev.example.org" }),
      "gateway:retired[0]",
      /search-api: search-api.dev.example.org\/ is already at \[2\]/,
    );
    refuses(
      retired({ redirectTo: "http://old.example.org" }),
      "gateway:retired[0].redirectTo",
      /an https URL/,
    );
    refuses(retired({ domain: "x.example.com" }), "gateway:retired[0].domain", /ends in \.example\.org/);
    refuses(retired({ port: 4444 }), "gateway:retired[0].port", /unknown key/);
  });

  it("for a CORS header that is no text of a header", () => {
    refuses(
      (config) => {
        config["gateway:cors"] = { allowOrigin: "*\r\nSet-Cookie: a=b" };
      },
      "gateway:cors.allowOrigin",
      /a header value/,
    );
  });

  it("for fewer fixed addresses than load balancers, and for one address in two places", () => {
    const stage = (services: number, zone: Config) => (config: Config) => {
      const [first] = config["gateway:services"] as Config[];
      config["gateway:services"] = Array.from({ length: services }, (_, i) => ({
        ...first,
        name: `api-${i}`,
        port: 2000 + i,
      }));
      config["gateway:network"] = {
        vpcId: "vpc-0123456789abcdef0",
        zones: [{ subnetId: "subnet-0123456789abcdef0", ...zone }],
      };
    };
    const zone = "gateway:network.zones[0]";
    refuses(
      stage(46, { address: "10.1.1.10" }),
      `${zone}.address`,
      /addresses, a list of 2: 46 services need 2 load balancers/,
    );
    refuses(stage(91, { addresses: ["10.1.1.10", "10.1.1.11"] }), `${zone}.addresses`, /a list of 3/);
    refuses(stage(1, { addresses: ["10.1.1.10", "10.1.1.10"] }), `${zone}.addresses[1]`, /each address once/);
    refuses(
      stage(1, { address: "10.1.1.10", addresses: ["10.1.1.11"] }),
      `${zone}.addresses`,
      /either address or addresses/,
    );
    assert.deepEqual(problems(stage(45, { address: "10.1.1.10" })), []);
    assert.deepEqual(problems(stage(46, { addresses: ["10.1.1.10", "10.1.1.11"] })), []);
    assert.deepEqual(problems(stage(91, {})), []);
  });

  it("for both or neither of two alternatives", () => {
    refuses(inService({ backend: {} }), "gateway:services[0].backend", /exactly one of instances, psc/);
    refuses(
      (config) => {
        config["gateway:network"] = {};
      },
      "gateway:network",
      /exactly one of vpcId, create/,
    );
  });

  it("for a key in place of its ARN; the ARN reaches the functions", () => {
    const withKey = (secretKeyArn: string) => (config: Config) => {
      const identity = config["gateway:identity"] as { globus: Config };
      config["gateway:identity"] = { globus: { ...identity.globus, secretKeyArn } };
    };
    const key = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-4000-8000-000000000009";
    assert.deepEqual(problems(withKey(key)), []);
    refuses(withKey("alias/gateway"), "gateway:identity.globus.secretKeyArn", /ARN of a KMS key/);
    const config = stackConfig("dev");
    withKey(key)(config);
    const { identity } = parseSettings(config, { stack: "dev", file: "Pulumi.dev.yaml" });
    assert.equal("globus" in identity && identity.globus.secretKeyArn, key);
  });

  it("for a secret in place of its ARN, without showing it", () => {
    const found = problems((config) => {
      config["gateway:identity"] = { globus: { clientId: "x", secretArn: "hunter2" } };
    });
    assert.deepEqual(
      found.map(({ key }) => key),
      ["gateway:identity.globus.secretArn"],
    );
    assert.doesNotMatch(JSON.stringify(found), /hunter2/);
    const both = problems((config) => {
      config["gateway:identity"] = {
        globus: { clientId: "x", secretArn: "hunter2" },
        jwt: { secretArn: "hunter2" },
      };
    });
    assert.ok(both.length > 1);
    assert.doesNotMatch(JSON.stringify(both), /hunter2/);
  });

  it("for levels that do not exist, and for levels that include each other", () => {
    refuses(
      inService({ access: { default: "pubic" } }),
      "gateway:services[0].access.default",
      /did you mean public\?/,
    );
    refuses(
      inService({ access: { rules: { "GET /status": "admin" } } }),
      'gateway:services[0].access.rules["GET /status"]',
      /one of public, read, create, data-admin/,
    );
    refuses(
      (config) => {
        (config["gateway:levels"] as Record<string, Config>)["data-admin"] = {
          groups: [],
          includes: ["data-admin"],
        };
      },
      "gateway:levels.data-admin.includes[0]",
      /does not itself include data-admin/,
    );
  });

  it("for a stack name that cannot be part of a domain name", () => {
    assert.deepEqual(
      problems(() => {}, "My_Stack").map(({ message }) => message),
      [
        'stack name: found "My_Stack"; accepted: 1 to 16 lower-case letters, digits or hyphens, starting with a letter and ending with a letter or digit',
      ],
    );
  });

  it("with whole sentences, one line each", () => {
    const found = problems(inService({ port: 0 }));
    assert.match(
      problemText(found),
      /^1 error in the settings and specs:\n {2}Pulumi\.dev\.yaml:\d+:\d+: gateway:services\[0\]\.port: found 0; accepted: at least 1 \[settings\]$/,
    );
  });
});
