import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { buildFunctions, type FunctionBundles } from "../../functions/build";
import { type LoadedFunction, loadFunction } from "../local/lambda";
import { extract, type Sandbox } from "../local/lambda/extract";
import type { BenchRow } from "./row";

/** The layer of the seed's Python functions, zipped, as it was measured: it cannot be built here. */
const pythonLayerBytes = 34_000_000;

/** The functions: what is uploaded, how they start, how long they take to decide. */
export async function run(): Promise<BenchRow[]> {
  const bundles = buildFunctions();
  const sandbox = extract(bundles.authorizer.archive, [bundles.layer.archive]);
  const provider = await startProvider();
  const environment = { ...provider.environment, NODE_PATH: sandbox.nodePath };
  try {
    return [
      ...sizes(bundles),
      startTime(sandbox, environment),
      ...(await decisionTimes(sandbox, environment)),
      await localInvocations(bundles, provider.environment),
    ];
  } finally {
    provider.close();
    sandbox.remove();
  }
}

function sizes({ authorizer, layer }: FunctionBundles): BenchRow[] {
  const of = (name: string, archive: string, most: number): BenchRow => {
    const value = fs.statSync(archive).size;
    return {
      ...compared(name, value, "bytes", "the seed's Python layer, zipped", pythonLayerBytes),
      target: `<= ${most} bytes`,
      met: value <= most,
    };
  };
  return [
    of("authorizer bundle, zipped", authorizer.archive, 60_000),
    of("layer, zipped", layer.archive, 1_000_000),
  ];
}

/**
 * A whole Node that loads the function, and a Node that loads nothing, turn by turn. The best of each counts: a
 * start takes long enough for other processes to come between.
 */
function startTime({ task }: Sandbox, environment: Record<string, string>): BenchRow {
  const node = (script: string) => {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ["-e", script], {
      env: environment,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`The function does not load: ${stderr}`);
    return performance.now() - start;
  };
  const bare: number[] = [];
  const loading: number[] = [];
  for (let i = 0; i < 21; i++) {
    bare.push(node("0"));
    loading.push(node(`require(${JSON.stringify(path.join(task, "index.js"))})`));
  }
  const own = Math.min(...bare);
  const value = Math.min(...loading) - own;
  const row = compared("authorizer's start beyond Node's own", value, "ms", "Node's own start", own);
  return { ...row, target: "<= 40 ms", met: value <= 40 };
}

async function decisionTimes({ task }: Sandbox, environment: Record<string, string>): Promise<BenchRow[]> {
  const child = fork(path.join(__dirname, "functions", "decide.js"), [task], {
    env: environment,
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [times] = await Promise.race([once(child, "message"), once(child, "exit").then(() => [undefined])]);
  if (times === undefined) throw new Error("The authorizer ended before it had decided");
  const { cached, uncached, requests } = times as { cached: number; uncached: number; requests: number };
  return [
    {
      ...compared("decision for a known token", cached, "ms", "for a new token", uncached),
      target: "< 0.2 ms",
      met: cached < 0.2,
    },
    compared("decision for a new token", uncached, "ms", "its two requests alone, by node:http", requests),
  ];
}

/** Through the local runtime's worker thread, 50 at once. */
async function localInvocations(
  bundles: FunctionBundles,
  environment: Record<string, string>,
): Promise<BenchRow> {
  const authorizer = await loadFunction({
    ...bundles.authorizer,
    layers: [bundles.layer.archive],
    environment,
    timeoutSeconds: 9,
  });
  const notFound = await loadFunction({
    ...bundles.notFound,
    layers: [],
    environment: {},
    timeoutSeconds: 5,
  });
  const event = {
    type: "TOKEN",
    authorizationToken: "Bearer known",
    methodArn: "arn:aws:execute-api:us-east-1:123456789012:abc123/dev/GET/x",
  };
  const rate = async (loaded: LoadedFunction) => {
    const start = performance.now();
    for (let i = 0; i < 20; i++) {
      await Promise.all(Array.from({ length: 50 }, () => loaded.invoke(event)));
    }
    return 1_000_000 / (performance.now() - start);
  };
  try {
    const rates: [number, number][] = [];
    for (let i = 0; i < 25; i++) rates.push([await rate(authorizer), await rate(notFound)]);
    const value = Math.max(...rates.map(([own]) => own));
    const reference = Math.max(...rates.map(([, other]) => other));
    const name = "local invocations of the authorizer, token known, 50 at once";
    return compared(name, value, "per second", "of the 404 function", reference);
  } finally {
    await Promise.all([authorizer.close(), notFound.close()]);
  }
}

/** An identity provider that knows every token and answers at once, and a secret store. */
async function startProvider(): Promise<{ environment: Record<string, string>; close(): void }> {
  const secret = JSON.stringify({ clientSecret: "secret", processSecret: "x".repeat(32) });
  const answers: Record<string, string> = {
    "/introspect": '{"active":true,"sub":"user"}',
    "/groups": '[{"id":"g"}]',
  };
  const server = http.createServer((request, response) => {
    request.resume();
    request.on("end", () =>
      response.end(answers[request.url ?? ""] ?? JSON.stringify({ SecretString: secret })),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    environment: {
      ACCESS_LEVEL: "read",
      ACCESS_GROUPS: '["g"]',
      IDENTITY_PROVIDER: "globus",
      GLOBUS_CLIENT_ID: "client",
      GLOBUS_INTROSPECT_URL: `${url}/introspect`,
      GLOBUS_GROUPS_URL: `${url}/groups`,
      SECRET_ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-a1B2c3",
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function compared(
  name: string,
  value: number,
  unit: string,
  reference: string,
  referenceValue: number,
): BenchRow {
  return { name, value, unit, reference, referenceValue, ratio: value / referenceValue };
}
