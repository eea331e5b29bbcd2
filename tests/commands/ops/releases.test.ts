import assert from "node:assert/strict";
import { awsClients } from "../../../commands/ops/aws/clients";
import {
  listReleases,
  readKey,
  readRelease,
  releaseDetails,
  storeRelease,
} from "../../../commands/ops/releases/releases";
import { explain } from "../../../commands/stop";
import { type FakeAccount, type FakeAws, fakeAws } from "./fake-aws";
import { withAws } from "./with-aws";

const definition = {
  openapi: "3.0.1",
  paths: { "/status": { get: { "x-amazon-apigateway-integration": {} } } },
};
const now = new Date("2026-11-21T10:00:00Z");

describe("Releases", () => {
  let aws: FakeAws;
  let account: FakeAccount;
  beforeEach(async () => {
    account = {
      buckets: { archive: new Map() },
      apis: [
        {
          id: "x1",
          name: "uuid-api-prod",
          deployments: [
            {
              id: "dep111",
              createdDate: 1,
              description: `definition ${"ab".repeat(32)} commit ${"12".repeat(20)}`,
            },
          ],
          stages: [{ stageName: "prod", deploymentId: "dep111" }],
          definition,
        },
      ],
    };
    aws = await fakeAws(account);
  });
  afterEach(() => aws.close());

  const store = (more: { bucket?: string; service?: string } = {}) =>
    withAws(aws, () => {
      const clients = awsClients("us-east-1");
      return storeRelease(clients, {
        service: "uuid-api",
        stack: "prod",
        bucket: "archive",
        commit: "f".repeat(40),
        now,
        ...more,
      });
    });
  const s3 = <T>(work: (client: ReturnType<typeof awsClients>["s3"]) => Promise<T>) =>
    withAws(aws, () => work(awsClients("us-east-1").s3));

  it("keep the export with its extensions under service, day and deployment, with the deployment's commit", async () => {
    assert.deepEqual(await store(), {
      service: "uuid-api",
      deployment: "dep111",
      key: "uuid-api/2026-11-21/dep111.json",
      stored: true,
    });
    assert.deepEqual(
      JSON.parse(await s3((client) => readRelease(client, "archive", "uuid-api/2026-11-21/dep111.json"))),
      definition,
    );
    const details = await s3((client) =>
      releaseDetails(client, "archive", "uuid-api/2026-11-21/dep111.json"),
    );
    assert.equal(details.commit, "12".repeat(20));
    assert.equal(details.definition, "ab".repeat(32));
    assert.equal(details.stack, "prod");
  });

  it("record the commit of this update when the deployment does not record its own", async () => {
    delete account.apis[0]?.deployments[0]?.description;
    const { key } = await store();
    assert.equal((await s3((client) => releaseDetails(client, "archive", key))).commit, "f".repeat(40));
  });

  it("store an unchanged API once, whatever the day", async () => {
    account.buckets.archive?.set("uuid-api/2026-10-01/dep111.json", { body: "{}", metadata: {} });
    assert.deepEqual(await store(), {
      service: "uuid-api",
      deployment: "dep111",
      key: "uuid-api/2026-10-01/dep111.json",
      stored: false,
    });
    assert.ok(!aws.requests.some((request) => request.startsWith("PUT")));
    assert.ok(!aws.requests.some((request) => request.includes("exports")));
  });

  it("keep one that another update stored in the meantime", async () => {
    const bucket = account.buckets.archive;
    assert.ok(bucket);
    bucket.set("uuid-api/2026-11-21/dep111.json", { body: "theirs", metadata: {} });
    // Not in the list yet when it was asked for.
    bucket.keys = () => new Map<string, never>().keys();
    const { stored } = await store();
    assert.equal(stored, false);
    assert.equal(bucket.get("uuid-api/2026-11-21/dep111.json")?.body, "theirs");
  });

  it("are listed newest first, of one service or all, without other objects of the bucket", async () => {
    for (const key of [
      "b-api/2026-01-02/x1.json",
      "a-api/2026-01-01/y1.json",
      "a-api/2026-03-01/y2.json",
      "logs/access.txt",
    ]) {
      account.buckets.archive?.set(key, { body: "{}", metadata: {} });
    }
    const keys = (service?: string) =>
      s3(async (client) => (await listReleases(client, "archive", service)).map(({ key }) => key));
    assert.deepEqual(await keys(), [
      "a-api/2026-03-01/y2.json",
      "b-api/2026-01-02/x1.json",
      "a-api/2026-01-01/y1.json",
    ]);
    assert.deepEqual(await keys("a-api"), ["a-api/2026-03-01/y2.json", "a-api/2026-01-01/y1.json"]);
    assert.deepEqual(await keys("a"), []);
  });

  it("report failures in the operator's terms", async () => {
    await assert.rejects(store({ bucket: "nowhere" }), (error) =>
      /bucket does not exist: nowhere.*another account/.test(explain(error)),
    );
    await assert.rejects(store({ service: "no-api" }), (error) =>
      /no REST API no-api-prod/.test(explain(error)),
    );
    assert.equal(readKey("uuid-api/yesterday/dep111.json"), undefined);
  });
});
