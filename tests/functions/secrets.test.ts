import assert from "node:assert/strict";
import { LambdaError, loadFunction } from "../../commands/local/lambda";
import { parseSecrets, type Secrets, sameSecret, staleOnError } from "../../functions/authorizer/secrets";
import { buildFunctions } from "../../functions/build";
import { type Behaviour, type GlobusServer, startGlobus } from "./globus-server";

describe("the functions' secrets", () => {
  it("are a JSON object with a client secret and a process secret, either of which may be absent", () => {
    assert.deepEqual(parseSecrets('{"clientSecret":"a","processSecret":"0123456789abcdef","other":1}'), {
      clientSecret: "a",
      processSecret: "0123456789abcdef",
    });
    assert.deepEqual(parseSecrets("{}"), {});
  });

  it("are refused when malformed, without being quoted", () => {
    const bad = [
      "",
      "hush",
      "null",
      '"hush"',
      '{"clientSecret":""}',
      '{"clientSecret":["hush"]}',
      '{"processSecret":"hush"}',
      '{"processSecret":""}',
      undefined,
    ];
    for (const text of bad) {
      assert.throws(
        () => parseSecrets(text),
        (error: Error) => !error.message.includes("hush") && error.message.startsWith("The secret's"),
        String(text),
      );
    }
  });

  it("compare equal only when they are", () => {
    assert.equal(sameSecret("abc", "abc"), true);
    assert.equal(sameSecret("abc", "abcd"), false);
    assert.equal(sameSecret("", "abc"), false);
  });
});

describe("secrets of a store that fails", () => {
  const failing = new Error("The secret cannot be read: TimeoutError");
  const [first, second] = [{ clientSecret: "first" }, { clientSecret: "second" }];

  /** A reader whose store gives these results in turn, at a time that a test sets. */
  function reader(...results: (Secrets | Error)[]) {
    const clock = { now: 0 };
    const reported: Error[] = [];
    const read = staleOnError(
      async () => {
        const result = results.shift();
        assert.ok(result, "the store was asked once more");
        if (result instanceof Error) throw result;
        return result;
      },
      (error) => reported.push(error),
      () => clock.now,
    );
    return { read, clock, reported };
  }

  it("are the last known ones for four hours, and the store is asked again after 30 seconds", async () => {
    const { read, clock, reported } = reader(first, failing, failing, second, failing, failing);
    assert.deepEqual(await read(), first);
    assert.deepEqual(await read(), first);
    assert.deepEqual(await read(), first);
    assert.deepEqual(reported, [failing]);
    clock.now = 31_000;
    assert.deepEqual(await read(), first);
    clock.now = 62_000;
    assert.deepEqual(await read(), second);
    clock.now += 4 * 3600_000;
    assert.deepEqual(await read(), second);
    clock.now += 31_000;
    await assert.rejects(read(), failing);
    assert.equal(reported.length, 3);
  });

  it("are not replaced when there are no known ones, or when those were refused", async () => {
    await assert.rejects(reader(failing).read(), failing);
    const { read } = reader(first, failing);
    await read();
    await assert.rejects(read({ fresh: true }), failing);
  });
});

describe("an authorizer's secret store", () => {
  let server: GlobusServer;
  before(async () => {
    server = await startGlobus();
  });
  after(() => server.close());

  async function load(secretArn: string) {
    const { authorizer, layer } = buildFunctions();
    const logs: string[] = [];
    const loaded = await loadFunction({
      ...authorizer,
      layers: [layer.archive],
      timeoutSeconds: 9,
      environment: {
        ...server.environment,
        ACCESS_LEVEL: "read",
        ACCESS_GROUPS: '["g"]',
        SECRET_ARN: secretArn,
      },
      onLog: (text) => logs.push(text),
    });
    return { loaded, logs };
  }

  /** What the authorizer decides about the process secret, with the store's next answers. */
  async function decide(
    secretArn: string,
    ...answers: Behaviour[]
  ): Promise<{ effect?: string; error?: string; log: string }> {
    const { loaded, logs } = await load(secretArn);
    server.next.secret = answers;
    server.received.length = 0;
    const { processSecret } = server.secrets as Required<Secrets>;
    try {
      const result = await loaded.invoke({ authorizationToken: `Bearer ${processSecret}`, methodArn });
      const { policyDocument } = result as { policyDocument: { Statement: [{ Effect: string }] } };
      return { effect: policyDocument.Statement[0].Effect, log: logs.join("") };
    } catch (error) {
      assert.ok(error instanceof LambdaError);
      return { error: error.errorMessage, log: logs.join("") + error.trace.join("") };
    } finally {
      await loaded.close();
    }
  }
  const methodArn = "arn:aws:execute-api:us-east-1:123456789012:abc123/dev/GET/x";
  const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gateway-a1B2c3";
  const parameter = "arn:aws:ssm:eu-west-1:123456789012:parameter/gateway/dev";

  it("may be Secrets Manager or SSM, in the region the ARN names", async () => {
    assert.equal((await decide(secret)).effect, "Allow");
    assert.match(String(server.received[0]?.headers.authorization), /\/eu-west-1\/secretsmanager\//);
    assert.equal(JSON.parse(server.received[0]?.body ?? "{}").SecretId, secret);
    assert.equal((await decide(parameter)).effect, "Allow");
    assert.match(String(server.received[0]?.headers.authorization), /\/eu-west-1\/ssm\//);
    assert.deepEqual(JSON.parse(server.received[0]?.body ?? "{}"), { Name: parameter, WithDecryption: true });
  });

  it("is asked again when Globus refuses the secret", async () => {
    for (const arn of [secret, parameter]) {
      const { loaded } = await load(arn);
      server.received.length = 0;
      const effects = [];
      for (const clientSecret of ["first", "second"]) {
        server.secrets.clientSecret = clientSecret;
        server.tokens.set(clientSecret, { introspection: { active: true, sub: "u" }, groups: [{ id: "g" }] });
        const event = { authorizationToken: `Bearer ${clientSecret}`, methodArn };
        effects.push((await loaded.invoke(event)) as { policyDocument: { Statement: [{ Effect: string }] } });
      }
      await loaded.close();
      assert.deepEqual(
        effects.map(({ policyDocument }) => policyDocument.Statement[0].Effect),
        ["Allow", "Allow"],
      );
      assert.equal(server.received.filter(({ path }) => path.startsWith("/secret")).length, 2);
    }
  });

  it("allows nobody when it fails, and its response is not quoted", async () => {
    const refusal = { status: 400, body: '{"__type":"AccessDeniedException","message":"hush-hush"}' };
    const cases: [string, Behaviour, RegExp][] = [
      [secret, refusal, /^The secret cannot be read: AccessDeniedException$/],
      [parameter, refusal, /^The secret cannot be read: AccessDeniedException$/],
      [secret, { body: '{"SecretString": "hush-hush' }, /^The secret cannot be read: /],
      [secret, { body: '{"SecretString": "hush-hush"}' }, /^The secret's value is not a JSON object$/],
      [secret, { body: "{}" }, /^The secret/],
      [secret, "hang", /^The secret cannot be read: TimeoutError$/],
    ];
    for (const [arn, answer, message] of cases) {
      const { effect, error, log } = await decide(arn, answer, answer, answer);
      assert.equal(effect, undefined);
      assert.match(String(error), message);
      assert.ok(!log.includes("hush"), log);
    }
  });
});
