import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { type ProxyConfiguration, renderConfiguration } from "../../../../../components/backends/psc/nginx";
import { FindingsError } from "../../../../../lib/finding";
import {
  certificateAuthority,
  configuration,
  requireNginx,
  requireOpenssl,
  service,
  testConfiguration,
} from "../../../../commands/local/nginx/support";

const ingest = (upstream: object = {}) =>
  service({
    name: "ingest-api",
    port: 8443,
    upstream: {
      protocol: "https",
      host: "vm.example.edu",
      port: 8443,
      serverName: "ingest.example.edu",
      ...upstream,
    },
    maxBodyMb: 200,
    timeoutMs: 60000,
    publicUrl: "https://ingest.api.example.org/v2",
  });
const stage = (changes: Partial<ProxyConfiguration> = {}) =>
  configuration({ services: [service(), ingest()], ...changes });
const text = (of: ProxyConfiguration) => renderConfiguration(of).files["nginx.conf"] ?? "";

describe("The Nginx configuration of a stage", () => {
  it("has a server for each service's port and one for the health port", () => {
    const ports = [...text(stage()).matchAll(/listen (\S+?)( default_server)?;/g)].map(([, port]) => port);
    assert.deepEqual(
      new Set(ports),
      new Set([
        "unix:/run/gateway-psc-dev/workspaces-api.sock",
        "unix:/run/gateway-psc-dev/ingest-api.sock",
        "7777",
        "8443",
        "8079",
      ]),
    );
  });

  it("gives up before the gateway does", () => {
    assert.deepEqual(text(stage()).match(/proxy_read_timeout \d+ms/g), [
      "proxy_read_timeout 28000ms",
      "proxy_read_timeout 59000ms",
    ]);
    const [quick] =
      text(stage({ services: [service({ timeoutMs: 50 })] })).match(/proxy_read_timeout \d+ms/g) ?? [];
    assert.equal(quick, "proxy_read_timeout 45ms");
    const slow = text(stage({ services: [service(), { ...ingest(), timeoutMs: 900_000 }] }));
    assert.match(slow, / proxy_timeout 900000ms;/, "the outer half waits as long as the inner");
  });

  it("verifies the certificate of an https upstream and only of one", () => {
    const [plain, tls] = [text(stage({ services: [service()] })), text(stage({ services: [ingest()] }))];
    assert.match(
      tls,
      /proxy_ssl_name ingest\.example\.edu;\n\s+proxy_ssl_trusted_certificate \/etc\/gateway-psc-dev\/system-ca\.pem;/,
    );
    assert.match(tls, /proxy_ssl_verify on;/);
    assert.doesNotMatch(tls, /proxy_ssl_verify off|proxy_pass http:/);
    assert.doesNotMatch(plain, /proxy_ssl_name|proxy_pass https:/);
  });

  it("is the same text for the same services in another order", () => {
    const services = stage().services;
    assert.deepEqual(
      renderConfiguration(stage()),
      renderConfiguration(stage({ services: services.reverse() })),
    );
  });

  it("has another id when anything changes, a CA bundle included", function () {
    requireOpenssl(this);
    const ids = [
      stage(),
      stage({ healthPort: 8080 }),
      stage({ services: [service()] }),
      ...["One", "Two"].map((name) => stage({ services: [ingest({ ca: certificateAuthority(name).cert })] })),
    ].map((each) => renderConfiguration(each).id);
    assert.equal(new Set(ids).size, 5);
  });

  it("takes only the certificates out of a CA bundle", function () {
    requireOpenssl(this);
    const { cert, key } = certificateAuthority("Partner");
    const { files } = renderConfiguration(stage({ services: [ingest({ ca: `Partner CA\n${key}${cert}` })] }));
    assert.equal(files["ca/ingest-api.pem"], cert);
    assert.doesNotMatch(JSON.stringify(files), /PRIVATE KEY/);
  });

  it("stays small enough for fifty services in an instance's user data", () => {
    const many = Array.from({ length: 50 }, (_, index) => ({
      ...ingest(),
      name: `api-${index}`,
      port: 9000 + index,
    }));
    assert.ok(text(stage({ services: many })).length < 200_000);
  });
});

describe("Nginx itself", () => {
  for (const [title, changes] of [
    ["one plain service", { services: [service()] }],
    ["https and plain services", {}],
    [
      "an upstream by its address",
      { services: [ingest({ host: "192.0.2.7", serverName: undefined, port: 443 })] },
    ],
    ["two resolvers", { resolvers: ["169.254.169.253", "192.0.2.53:5353"] }],
    [
      "fifty services",
      { services: Array.from({ length: 50 }, (_, i) => ({ ...ingest(), name: `api-${i}`, port: 9000 + i })) },
    ],
    [
      "the longest names",
      {
        services: [
          {
            ...ingest({
              host: `${"a".repeat(63)}.${"b".repeat(63)}.example.edu`,
              serverName: `${"c".repeat(63)}.example.edu`,
            }),
            name: "n".repeat(40),
          },
        ],
      },
    ],
  ] as [string, Partial<ProxyConfiguration>][]) {
    it(`accepts ${title}`, function () {
      assert.equal(testConfiguration(requireNginx(this), stage(changes)), "");
    });
  }

  it("accepts a CA bundle of several certificates", function () {
    const nginx = requireNginx(this);
    requireOpenssl(this);
    const ca = ["One", "Two"].map((name) => certificateAuthority(name).cert).join("# next\n");
    assert.equal(testConfiguration(nginx, stage({ services: [ingest({ ca })] })), "");
  });

  it("has no complaint, not even a warning", function () {
    const nginx = requireNginx(this);
    assert.equal(spawnSync(nginx.binary, ["-v"]).status, 0);
    assert.equal(testConfiguration(nginx, stage()), "");
  });
});

describe("A value that would break out of the Nginx configuration", () => {
  const nasty = [
    ";",
    "{",
    "}",
    "$host",
    "\n",
    "\r",
    "#",
    '"',
    "'",
    "\\",
    " ",
    "\t",
    "\0",
    "\u2028",
    "é",
    "${x}",
    "//",
    "*",
    "~",
    "",
  ];
  for (const [field, place] of [
    ["stage", (value: string) => stage({ stage: value })],
    ["resolvers", (value: string) => stage({ resolvers: [value] })],
    ["name", (value: string) => stage({ services: [{ ...ingest(), name: value }] })],
    ["publicUrl", (value: string) => stage({ services: [{ ...ingest(), publicUrl: value }] })],
    ["upstream.host", (value: string) => stage({ services: [ingest({ host: value })] })],
    ["upstream.serverName", (value: string) => stage({ services: [ingest({ serverName: value })] })],
    ["upstream.protocol", (value: string) => stage({ services: [ingest({ protocol: value })] })],
    ["upstream.healthPath", (value: string) => stage({ services: [ingest({ healthPath: value })] })],
    ["upstream.ca", (value: string) => stage({ services: [ingest({ ca: value })] })],
  ] as [string, (value: string) => ProxyConfiguration][]) {
    it(`is refused as ${field}, or says nothing new to Nginx`, () => {
      const usual = skeleton(text(stage({ services: [ingest()] })));
      const value = fc.oneof(
        fc.string({ unit: "binary" }),
        fc.string({ unit: "grapheme-ascii" }),
        fc
          .array(
            fc.constantFrom(...nasty, "a", "vm.example.edu", "/x", "https://a.example.org", "10.0.0.1"),
            { maxLength: 4 },
          )
          .map((parts) => parts.join("")),
      );
      fc.assert(
        fc.property(value, (candidate) => {
          let rendered: string;
          try {
            rendered = text({ ...place(candidate), services: place(candidate).services.slice(-1) });
          } catch (error) {
            assert.ok(error instanceof FindingsError, String(error));
            assert.ok(
              error.findings.some(({ where }) => where.includes(field)),
              error.message,
            );
            return;
          }
          assert.deepEqual(skeleton(rendered), usual);
        }),
        { numRuns: 2000 },
      );
    });
  }

  it("is refused as a number that is none", () => {
    for (const port of [
      0,
      -1,
      65536,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      "80; return 200" as unknown as number,
    ]) {
      assert.throws(
        () => text(stage({ healthPort: port })),
        /healthPort: .* is not a TCP port from 1 to 65535/,
      );
      assert.throws(() => text(stage({ services: [service({ port })] })), /service "workspaces-api", port/);
      assert.throws(
        () => text(stage({ services: [service({ maxBodyMb: port === 65536 ? 0 : port })] })),
        /maxBodyMb/,
      );
    }
  });

  it("is refused as a folder of the machine", () => {
    const machine = { runtime: "/run/x; return 200", logs: "/var/log", systemCa: "relative/ca.pem" };
    assert.throws(
      () => renderConfiguration(stage(), machine),
      (error: FindingsError) => error.findings.length === 2,
    );
  });

  it("comes with every other problem in one message", () => {
    const wrong = stage({
      stage: "de v",
      services: [
        { ...service(), port: 8079 },
        { ...ingest(), port: 8079, maxBodyMb: 0 },
      ],
    });
    assert.throws(
      () => text(wrong),
      (error: FindingsError) => {
        assert.equal(error.findings.length, 4);
        assert.match(error.message, /stage: "de v" is not a name of a-z, 0-9 and -\n/);
        assert.match(
          error.message,
          /service "workspaces-api", port: 8079 is not a free port: the health endpoint has it\n/,
        );
        assert.match(
          error.message,
          /service "ingest-api", port: 8079 is not a free port: workspaces-api has it/,
        );
        return true;
      },
    );
  });

  it("is refused as a TLS setting of an upstream without TLS", () => {
    const plain = service({
      upstream: { protocol: "http", host: "vm.example.edu", port: 80, serverName: "vm.example.edu" },
    });
    assert.throws(
      () => text(stage({ services: [plain] })),
      /serverName: .* is not allowed for an upstream without TLS/,
    );
  });
});

/**
 * What Nginx would read: for each directive its name and number of parameters, and every variable; not the values.
 * A lexer of its own, after ngx_conf_read_token, so that it does not share a mistake with the printer.
 */
function skeleton(conf: string): string[] {
  const out: string[] = [];
  let words: string[] = [];
  for (let at = 0; at < conf.length; ) {
    const char = conf[at] as string;
    if (/\s/.test(char)) at += 1;
    else if (char === "#") at = conf.indexOf("\n", at);
    else if (char === ";" || char === "{" || char === "}") {
      const variables = words.flatMap((word) => word.match(/\$\{?\w+/g) ?? []);
      out.push([isFixed(words[0]) ? words[0] : "*", words.length, ...variables, char].join(" "));
      words = [];
      at += 1;
    } else {
      let word = "";
      const quote = char === '"' || char === "'" ? char : "";
      for (at += quote ? 1 : 0; at < conf.length; at += 1) {
        const next = conf[at] as string;
        if (next === "\\") word += next + conf[++at];
        else if (quote ? next === quote : /[\s;{]/.test(next)) break;
        else word += next;
      }
      if (quote) at += 1;
      words.push(word);
    }
  }
  assert.deepEqual(words, [], "the text ends inside a directive");
  return out;
}

/** Directive names are words; keys of a map are not. */
const isFixed = (word = "") => /^[a-z_]+$/.test(word);
