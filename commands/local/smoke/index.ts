import { request } from "node:http";
import { text } from "node:stream/consumers";
import ipaddr from "ipaddr.js";
import type { WebAcl } from "../../../gateway/rest-api/options";
import { record } from "../../../offline/recording";
import { type ServedStack, type ServeOptions, serveStack } from "../serve";
import { gatewayWebAcl } from "../serve/web-acl";
import { type Expectation, openCaseOf, type SmokeCase, smokeCases } from "./cases";

/** Serves the stack, makes the requests, and prints a line each. @returns whether all went as they must */
export async function smoke(options: ServeOptions, print: (line: string) => void): Promise<boolean> {
  const recording = options.recording ?? (await record(options.stack, { root: options.root }));
  const stack = await serveStack({ port: 0, ...options, recording, trustForwarded: true });
  try {
    const findings = stack.findings.filter(({ level }) => level === "error");
    for (const { rule, where, message } of findings) print(`FAILED  wiring ${rule}, ${where}: ${message}`);
    const { cases, absent } = casesOf(stack);
    for (const kind of absent) print(`-       the stack has no ${kind}`);
    let failed = findings.length;
    for (const one of cases) {
      const { ok, line } = await run(one, stack);
      print(`${ok ? "ok    " : "FAILED"}  ${line}`);
      if (!ok) failed += 1;
    }
    print(
      failed === 0
        ? `${cases.length} requests, all as they must be`
        : `${failed} of ${cases.length} went wrong`,
    );
    return failed === 0;
  } finally {
    await stack.close();
  }
}

function casesOf(stack: ServedStack): { cases: SmokeCase[]; absent: string[] } {
  const { model, identityProvider, backends } = stack;
  const [acl] = model.resources.ofType("aws:wafv2/webAcl:WebAcl");
  const address = acl && blockedAddress(gatewayWebAcl(acl, model.resources));
  const found = smokeCases(model, identityProvider.users, { address });
  const [byDomain] = found.cases;
  const proxied = [...backends.byService.values()].filter(({ description }) =>
    description.startsWith("Nginx"),
  );
  const throughProxy = proxied.flatMap(({ service, description }) => {
    const open = openCaseOf(service, model);
    return open ? [{ ...open, kind: `PSC, by ${description}` }] : [];
  });
  return {
    cases: [
      ...found.cases,
      ...throughProxy,
      ...(byDomain
        ? [
            {
              ...byDomain,
              kind: "by domain name",
              headers: { host: stack.endpoints[byDomain.service]?.domain ?? "" },
            },
          ]
        : []),
    ],
    absent: [...found.absent, ...(throughProxy.length > 0 ? [] : ["service behind a PSC proxy"])],
  };
}

/** An address of the ranges kept for documentation that the ACL does not allow. */
function blockedAddress(acl: WebAcl): string {
  const allowed = acl.rules.flatMap(({ statement }) => ("ipSet" in statement ? statement.ipSet : []));
  const outside = ["203.0.113.9", "198.51.100.9", "192.0.2.9", "8.8.8.8"].find(
    (address) =>
      !allowed.some((range) => {
        const [network, bits] = ipaddr.parseCIDR(range);
        const parsed = ipaddr.parse(address);
        return network.kind() === parsed.kind() && parsed.match([network, bits]);
      }),
  );
  return outside ?? "255.255.255.254";
}

async function run(one: SmokeCase, stack: ServedStack): Promise<{ ok: boolean; line: string }> {
  const answer = await send(one, stack);
  const ok = meets(answer, one.expect);
  const request = `${one.method} ${one.path} of ${one.service}`;
  const outcome = `${answer.status}${ok ? "" : `, expected ${expected(one.expect)}; got ${answer.body.slice(0, 300)}`}`;
  return { ok, line: `${one.kind.padEnd(28)} ${request} → ${outcome}` };
}

interface Answer {
  status: number;
  errorType?: string;
  body: string;
}

function meets({ status, errorType, body }: Answer, expect: Expectation): boolean {
  switch (expect.from) {
    case "backend":
      return status < 400 && errorType === undefined;
    case "authorizer":
      return status === 403 && Boolean(parse(body)?.hint);
    case "gateway":
      return status === expect.status && parse(body) !== undefined && body.includes(expect.text);
  }
}

function expected(expect: Expectation): string {
  switch (expect.from) {
    case "backend":
      return "the backend's answer";
    case "authorizer":
      return "403 with a hint";
    case "gateway":
      return `${expect.status} with "${expect.text}"`;
  }
}

/** Not by fetch, which neither sends a Host header of one's own nor finds `*.localhost` everywhere. */
async function send(one: SmokeCase, stack: ServedStack): Promise<Answer> {
  const { domain, basePath } = stack.endpoints[one.service] ?? { domain: "", basePath: "" };
  const token = one.token && (await stack.identityProvider.bearer(one.token));
  const sent = request({
    host: "127.0.0.1",
    port: stack.port,
    method: one.method,
    path: `${basePath === "" ? "" : `/${basePath}`}${one.path}`,
    headers: {
      host: domain,
      ...(token && { authorization: `Bearer ${token}` }),
      ...(/^(POST|PUT)$/.test(one.method) && { "content-type": "application/json" }),
      ...one.headers,
    },
  });
  sent.end(/^(POST|PUT)$/.test(one.method) ? "{}" : undefined);
  return new Promise((resolve, reject) => {
    sent.on("error", reject);
    sent.on("response", async (response) => {
      const errorType = response.headers["x-amzn-errortype"];
      resolve({
        status: response.statusCode ?? 0,
        ...(errorType !== undefined && { errorType: String(errorType) }),
        body: await text(response),
      });
    });
  });
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
