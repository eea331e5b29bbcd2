import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FindingsError } from "../../lib/finding";
import { projectRoot } from "../../lib/project-root";
import { planOf } from "../../offline/plan";
import { RecordingError, record } from "../../offline/recording";
import { parseSettings } from "../../stacks/settings";
import { fixtures } from "../support/fixtures";

const sentence =
  /gateway:identity\.globus\.clientId is encrypted \(secure:\), but no setting is a secret .* set the ARN of a Secrets Manager secret\./;

describe("An encrypted setting", function () {
  this.timeout(60_000);
  let root: string;

  before(() => {
    root = mkdtempSync(join(tmpdir(), "gateway-encrypted-"));
    for (const file of ["Pulumi.dev.yaml", "specs"])
      cpSync(join(fixtures, file), join(root, file), { recursive: true });
    writeFileSync(join(root, "Pulumi.yaml"), `name: gateway\nmain: ${projectRoot}\nruntime: nodejs\n`);
    const file = join(root, "Pulumi.dev.yaml");
    const text = readFileSync(file, "utf8");
    const encrypted = text.replace(/clientId: .*/, "clientId: { secure: v1:AAAA }");
    assert.notEqual(encrypted, text);
    writeFileSync(file, encrypted);
  });
  after(() => rmSync(root, { recursive: true }));

  it("is refused by the plan, at its line", async () => {
    const { findings } = await planOf("dev", { root });
    assert.equal(findings.length, 1, JSON.stringify(findings));
    assert.match(findings[0]?.message ?? "", sentence);
    assert.match(findings[0]?.where ?? "", /^Pulumi\.dev\.yaml:\d+:\d+$/);
  });

  it("is refused by the program with the same sentence, as `pulumi up` runs it", async () => {
    await assert.rejects(record("dev", { root }), (error) => {
      assert.ok(error instanceof RecordingError);
      assert.match(error.message, sentence);
      return true;
    });
  });

  it("is refused by its key where Pulumi has another stack file", () => {
    const raw = { "gateway:levels": "{}" };
    const source = { stack: "dev", file: "Pulumi.dev.yaml", secretKeys: ["gateway:levels", "other:key"] };
    assert.throws(
      () => parseSettings(raw, source),
      (error) => {
        assert.ok(error instanceof FindingsError);
        assert.deepEqual(
          error.findings.map(({ key }) => key),
          ["gateway:levels"],
        );
        return true;
      },
    );
  });
});
