import { request } from "node:http";
import { text } from "node:stream/consumers";
import { record } from "../../../offline/recording";
import { type ServedStack, type ServeOptions, serveStack } from "../serve";
import { basePathOf } from "../serve/edge-server";
import { blockedAddress, gatewayWebAcl } from "../serve/web-acl";
import { type SmokeCase, type SmokeResponse, smokeCases } from "./cases";

/** Serves the stack, sends the requests and prints a line for each. @returns whether every response was as expected */
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
        ? `${cases.length} requests, all as expected`
        : `${failed} of ${cases.length} requests failed`,
    );
    return failed === 0;
  } finally {
    await stack.close();
  }
}

function casesOf({ model, identityProvider, backends, endpoints }: ServedStack) {
  const [acl] = model.resources.ofType("aws:wafv2/webAcl:WebAcl");
  return smokeCases(model, {
    users: identityProvider.users,
    proxied: [...backends.byService.values()].filter(({ description }) => description.startsWith("Nginx")),
    blockedAddress: acl && blockedAddress(gatewayWebAcl(acl, model.resources)),
    domainOf: (service) => endpoints[service]?.domain ?? "",
  });
}

async function run(one: SmokeCase, stack: ServedStack): Promise<{ ok: boolean; line: string }> {
  const response = await send(one, stack);
  const ok = one.expect.meets(response);
  const request = `${one.method} ${one.path} of ${one.service}`;
  const outcome = `${response.status}${ok ? "" : `, expected ${one.expect.text}; got ${response.body.slice(0, 300)}`}`;
  return { ok, line: `${one.kind.padEnd(28)} ${request} → ${outcome}` };
}

/** Not with fetch, which cannot set the Host header and does not resolve `*.localhost` on every machine. */
async function send(one: SmokeCase, stack: ServedStack): Promise<SmokeResponse> {
  const endpoint = stack.endpoints[one.service] ?? { domain: "", basePath: "" };
  const token = one.token && (await stack.identityProvider.bearer(one.token));
  const sent = request({
    host: "127.0.0.1",
    port: stack.port,
    method: one.method,
    path: `${basePathOf(endpoint)}${one.path}`,
    headers: {
      host: endpoint.domain,
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
