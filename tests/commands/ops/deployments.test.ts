import assert from "node:assert/strict";
import { awsClients } from "../../../commands/ops/aws/clients";
import {
  type DeploymentRow,
  deployments,
  prunable,
  prune,
} from "../../../commands/ops/deployments/deployments";
import { deploymentsText } from "../../../commands/ops/deployments/text";
import { type FakeAccount, type FakeAws, fakeAws } from "./fake-aws";
import { withAws } from "./with-aws";

const day = (n: number) => Date.parse("2026-11-21T10:00:00Z") / 1000 - n * 86_400;
const account = (): FakeAccount => ({
  buckets: {},
  apis: [
    { id: "x1", name: "search-api-dev", deployments: [], stages: [] },
    { id: "x2", name: "uuid-api-test", deployments: [], stages: [] },
    {
      id: "x3",
      name: "uuid-api-dev",
      deployments: [
        { id: "old111", createdDate: day(300) },
        {
          id: "new111",
          createdDate: day(1),
          description: `definition ${"a1".repeat(32)} commit ${"c3".repeat(20)}`,
        },
        { id: "canary", createdDate: day(200) },
        { id: "pinned", createdDate: day(250) },
        { id: "live11", createdDate: day(100) },
        { id: "spare1", createdDate: day(150) },
      ],
      stages: [
        {
          stageName: "dev",
          deploymentId: "live11",
          canarySettings: { deploymentId: "canary", percentTraffic: 5 },
        },
      ],
    },
  ],
});

describe("A service's deployments", () => {
  let aws: FakeAws;
  let given: FakeAccount;
  beforeEach(async () => {
    given = account();
    aws = await fakeAws(given);
  });
  afterEach(() => aws.close());
  const read = () => withAws(aws, () => deployments(awsClients("us-east-1").apiGateway, "uuid-api", "dev"));

  it("are listed newest first, with their source and the stages that use them", async () => {
    const { rows, restApiId } = await read();
    assert.equal(restApiId, "x3");
    assert.deepEqual(
      rows.map(({ id }) => id),
      ["new111", "live11", "spare1", "canary", "pinned", "old111"],
    );
    assert.deepEqual(rows[0], {
      id: "new111",
      created: "2026-11-20T10:00:00.000Z",
      definition: "a1".repeat(32),
      commit: "c3".repeat(20),
      usedBy: [],
    });
    assert.deepEqual(rows[1]?.usedBy, ["dev"]);
    assert.deepEqual(rows[3]?.usedBy, ["dev (canary)"]);
    assert.match(deploymentsText(rows), /live11 {6}2026-08-13 10:00 {2}- {13}- {11}dev/);
  });

  it("are of the given stack only", async () => {
    await assert.rejects(
      withAws(aws, () => deployments(awsClients("us-east-1").apiGateway, "uuid-api", "prod")),
      /no REST API uuid-api-prod/,
    );
  });

  it("are refused when two APIs have the name", async () => {
    given.apis.push({ id: "x4", name: "uuid-api-dev", deployments: [], stages: [] });
    await assert.rejects(read(), /2 REST APIs are called uuid-api-dev \(x3, x4\)/);
  });

  const rules = { keep: 1, days: 90, pinned: ["pinned"], now: new Date("2026-11-21T10:00:00Z") };
  const ids = (rows: DeploymentRow[]) => rows.map(({ id }) => id);

  it("are pruned by age and count, except the newest and those in use or pinned", async () => {
    const { rows } = await read();
    assert.deepEqual(ids(prunable(rows, rules)), ["spare1", "old111"]);
    assert.deepEqual(ids(prunable(rows, { ...rules, keep: 4 })), ["old111"]);
    assert.deepEqual(ids(prunable(rows, { ...rules, days: 200 })), ["old111"]);
    assert.deepEqual(ids(prunable(rows, { ...rules, keep: 0, days: 0 })), ["spare1", "old111"]);
    assert.deepEqual(prunable(rows, { ...rules, keep: 10 }), []);
  });

  it("are deleted in AWS when pruned, and nothing else is", async () => {
    const { rows, restApiId } = await read();
    const gone: string[] = [];
    await withAws(aws, () =>
      prune(awsClients("us-east-1").apiGateway, restApiId, prunable(rows, rules), ({ id }) => gone.push(id)),
    );
    assert.deepEqual(gone, ["spare1", "old111"]);
    assert.deepEqual(given.apis[2]?.deployments.map(({ id }) => id).sort(), [
      "canary",
      "live11",
      "new111",
      "pinned",
    ]);
  });
});
