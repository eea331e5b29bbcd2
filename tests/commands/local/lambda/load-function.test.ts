import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
  LambdaError,
  type LoadedFunction,
  type LoadOptions,
  loadFunction,
} from "../../../../commands/local/lambda";
import { zip } from "../../../../functions/zip";

describe("A function that runs as in Lambda", () => {
  let folder: string;
  const open: LoadedFunction[] = [];
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "lambda-test-"));
  });
  afterEach(() => Promise.all(open.splice(0).map((loaded) => loaded.close())));
  after(() => fs.rmSync(folder, { recursive: true }));

  let count = 0;
  function archiveOf(files: Record<string, string>): string {
    const archive = path.join(folder, `${count++}.zip`);
    fs.writeFileSync(archive, zip(files));
    return archive;
  }
  async function load(code: string, options: Partial<LoadOptions> = {}): Promise<LoadedFunction> {
    const loaded = await loadFunction({
      name: "test-function",
      archive: archiveOf({ "index.js": code }),
      layers: [],
      handler: "index.handler",
      environment: {},
      timeoutSeconds: 5,
      ...options,
    });
    open.push(loaded);
    return loaded;
  }
  const failure = (errorType: string, errorMessage: RegExp) => (error: unknown) => {
    assert.ok(error instanceof LambdaError, String(error));
    assert.equal(error.errorType, errorType);
    assert.match(error.errorMessage, errorMessage);
    return true;
  };

  it("receives its event and returns its result through JSON", async () => {
    const { invoke } = await loadBound(
      "exports.handler = async (event) => ({ event, date: new Date(0), gone: undefined })",
    );
    assert.deepEqual(await invoke({ a: [1, null, "é"], b: undefined }), {
      event: { a: [1, null, "é"] },
      date: "1970-01-01T00:00:00.000Z",
    });
    assert.deepEqual(await invoke(undefined), { event: null, date: "1970-01-01T00:00:00.000Z" });
  });

  it("can return a value, nothing, or use a callback", async () => {
    assert.equal(await (await load("exports.handler = () => 7")).invoke({}), 7);
    assert.equal(await (await load("exports.handler = async () => {}")).invoke({}), null);
    const callback = await load(
      "exports.handler = (event, context, done) => setTimeout(() => done(null, 'later'), 1)",
    );
    assert.equal(await callback.invoke({}), "later");
    const failing = await load("exports.handler = (event, context, done) => done(new TypeError('no'))");
    await assert.rejects(failing.invoke({}), failure("TypeError", /^no$/));
  });

  it("sees its variables and Lambda's, and none of this process's", async () => {
    process.env.GATEWAY_TEST_SECRET = "hidden";
    const { invoke } = await loadBound("exports.handler = async () => process.env", {
      environment: { MINE: "yes", AWS_REGION: "lies" },
      memoryMb: 256,
      region: "eu-central-1",
    });
    delete process.env.GATEWAY_TEST_SECRET;
    const seen = (await invoke({})) as Record<string, string>;
    assert.equal(seen.MINE, "yes");
    assert.equal(seen.AWS_REGION, "eu-central-1");
    assert.equal(seen.AWS_LAMBDA_FUNCTION_NAME, "test-function");
    assert.equal(seen.AWS_LAMBDA_FUNCTION_MEMORY_SIZE, "256");
    assert.equal(seen._HANDLER, "index.handler");
    assert.equal(seen.GATEWAY_TEST_SECRET, undefined);
    assert.equal(seen.HOME, undefined);
  });

  it("finds a layer's packages and the SDK, and no package of this project", async () => {
    const layer = archiveOf({
      "nodejs/node_modules/shared/package.json": '{"name":"shared","main":"main.js"}',
      "nodejs/node_modules/shared/main.js": "module.exports = 'first'",
    });
    const later = archiveOf({ "nodejs/node_modules/shared/main.js": "module.exports = 'second'" });
    const code =
      "exports.handler = async (name) => { const found = require(name); return typeof found === 'string' ? found : typeof found }";
    const { invoke } = await loadBound(code, { layers: [layer, later] });
    assert.equal(await invoke("shared"), "second");
    assert.equal(await invoke("@aws-sdk/client-secrets-manager"), "object");
    await assert.rejects(invoke("fflate"), failure("Error", /Cannot find module 'fflate'/));
    const without = await loadBound(code);
    await assert.rejects(without.invoke("shared"), failure("Error", /Cannot find module 'shared'/));
  });

  it("receives a context with its name, its remaining time and a request id", async () => {
    const { invoke } = await loadBound(
      "exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() })",
    );
    const context = (await invoke({})) as Record<string, unknown>;
    assert.equal(context.functionName, "test-function");
    assert.equal(context.invokedFunctionArn, "arn:aws:lambda:us-east-1:123456789012:function:test-function");
    assert.match(String(context.awsRequestId), /^[0-9a-f-]{36}$/);
    assert.ok(Number(context.left) > 0 && Number(context.left) <= 5000);
  });

  it("reports an error with type, message and trace", async () => {
    const { invoke } = await loadBound(
      "class Odd extends Error { name = 'Odd' }\nexports.handler = async () => { throw new Odd('why') }",
    );
    await assert.rejects(invoke({}), (error: LambdaError) => {
      failure("Odd", /^why$/)(error);
      assert.equal(error.trace[0], "Odd: why");
      return true;
    });
  });

  it("fails at each invocation when it does not load or exports no handler", async () => {
    const broken = await load("throw new Error('at start')");
    await assert.rejects(broken.invoke({}), failure("Error", /^at start$/));
    await assert.rejects(broken.invoke({}), failure("Error", /^at start$/));
    const empty = await load("exports.other = 1");
    await assert.rejects(empty.invoke({}), failure("Runtime.HandlerNotFound", /exports no function handler/));
    const circular = await load("exports.handler = async () => { const it = {}; it.it = it; return it }");
    await assert.rejects(circular.invoke({}), failure("Runtime.MarshalError", /circular/i));
  });

  it("ends at its timeout and starts cold the next time", async () => {
    const { invoke } = await loadBound(
      "let calls = 0; exports.handler = async (wait) => { calls++; if (wait) await new Promise(() => {}); return calls }",
      { timeoutSeconds: 1 },
    );
    assert.equal(await invoke(false), 1);
    assert.equal(await invoke(false), 2);
    await assert.rejects(invoke(true), failure("Sandbox.Timedout", /Task timed out after 1\.00 seconds/));
    assert.equal(await invoke(false), 1, "a cold start");
  });

  it("ends at its timeout even in an endless loop, and never ends this process", async () => {
    const busy = await load("exports.handler = async () => { while (true); }", { timeoutSeconds: 0.2 });
    await assert.rejects(busy.invoke({}), failure("Sandbox.Timedout", /timed out/));
    const leaving = await load("exports.handler = async () => process.exit(3)");
    await assert.rejects(leaving.invoke({}), failure("Runtime.ExitError", /status 3/));
    const thrown = await load(
      "exports.handler = async () => { setTimeout(() => { throw new Error('loose') }, 1); await new Promise(() => {}) }",
    );
    await assert.rejects(thrown.invoke({}), failure("Runtime.ExitError", /loose/));
  });

  it("runs out of its own memory without affecting this process", async () => {
    const code =
      "exports.handler = async () => { const all = []; while (true) all.push(new Array(10000).fill(Math.random())) }";
    const greedy = await load(code, { memoryMb: 64 });
    await assert.rejects(greedy.invoke({}), failure("Runtime.ExitError", /memory/));
  });

  it("refuses a response larger than Lambda's 6 MB", async () => {
    const { invoke } = await loadBound("exports.handler = async (size) => 'x'.repeat(size)");
    assert.equal(((await invoke(6_000_000)) as string).length, 6_000_000);
    await assert.rejects(invoke(7_000_000), failure("Function.ResponseSizeTooLarge", /exceeded/));
  });

  it("runs invocations concurrently", async () => {
    const code =
      "let open = 0, most = 0; exports.handler = async () => { most = Math.max(most, ++open); await new Promise((resolve) => setTimeout(resolve, 5)); open--; return most }";
    const { invoke } = await loadBound(code);
    assert.deepEqual((await Promise.all([invoke(1), invoke(2), invoke(3)])).at(-1), 3);
  });

  it("sends its output to onLog and nowhere else", async () => {
    const logs: string[] = [];
    const code =
      "exports.handler = async () => { console.log('said'); console.error('cried'); process.stdout.write('raw') }";
    await (await load(code, { onLog: (text) => logs.push(text) })).invoke({});
    assert.equal(logs.join(""), "said\ncried\nraw");
    await (await load(code)).invoke({});
  });

  it("refuses invocations once closed, and deletes its files", async () => {
    const task = (await (await load("exports.handler = async () => __dirname")).invoke({})) as string;
    assert.ok(fs.existsSync(path.join(task, "index.js")));
    const pending = await load("exports.handler = () => new Promise(() => {})");
    const waiting = assert.rejects(pending.invoke({}), failure("Runtime.ExitError", /exited/));
    await Promise.all(open.splice(0).map((loaded) => loaded.close()));
    await waiting;
    assert.ok(!fs.existsSync(task));
    await assert.rejects(pending.invoke({}), failure("ResourceNotFoundException", /closed/));
  });

  it("is refused when an archive is missing, not a zip, without the file, or has a path outside its folder", async () => {
    await assert.rejects(
      load("", { archive: path.join(folder, "none.zip") }),
      /none\.zip is not a readable zip/,
    );
    const text = path.join(folder, "text.zip");
    fs.writeFileSync(text, "no zip");
    await assert.rejects(load("", { archive: text }), /text\.zip is not a readable zip/);
    await assert.rejects(
      load("", { handler: "main.handler" }),
      /does not contain main\.js for the handler main\.handler/,
    );
    await assert.rejects(
      load("", { archive: archiveOf({ "../../evil.js": "" }) }),
      /a path outside its folder/,
    );
  });

  async function loadBound(code: string, options: Partial<LoadOptions> = {}) {
    const loaded = await load(code, options);
    return { invoke: (event: unknown) => loaded.invoke(event) };
  }
});
