import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { smoke } from "../../commands/local/smoke";
import { projectRoot } from "../../lib/project-root";
import { planOfRecording } from "../../offline/plan";
import type { Recording } from "../../offline/recording";
import { compileApis } from "../../stacks/apis";
import { parseSettings } from "../../stacks/settings";
import { fixtures, recordFixture, stackConfig } from "../support/fixtures";

const spec = join(projectRoot, "../shared/data/hubmap/entity-api-spec.yaml");

/** The dev stack with nothing changed but one line: the spec of entity-api is one that its team has in production. */
describe("The dev stack with a real spec in place of its own", function () {
  this.timeout(120_000);
  let config: Record<string, unknown>;
  let recording: Recording;

  before(async function () {
    if (!existsSync(spec)) {
      console.log(`      skipped: ${spec} is not there`);
      this.skip();
    }
    config = stackConfig("dev");
    const services = config["gateway:services"] as { name: string; spec: string }[];
    Object.assign(services.find(({ name }) => name === "entity-api") ?? {}, { spec });
    recording = await recordFixture("dev", { settingsOverride: { "gateway:services": services } });
  });

  it("has a plan without an error", () => {
    const settings = parseSettings(config, { stack: "dev", file: "Pulumi.dev.yaml" });
    const { findings } = planOfRecording(recording, compileApis(settings, fixtures).findings);
    assert.deepEqual(
      findings.filter(({ level }) => level === "error"),
      [],
    );
    assert.ok(
      findings.some(({ rule, message }) => rule === "health-route" && /skips entity-api/.test(message)),
    );
  });

  it("serves its routes: the smoke test passes", async () => {
    const lines: string[] = [];
    assert.ok(
      await smoke({ stack: "dev", root: fixtures, recording }, (line) => lines.push(line)),
      lines.join("\n"),
    );
  });
});
