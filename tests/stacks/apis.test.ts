import assert from "node:assert/strict";
import { compileApis } from "../../stacks/apis";
import { parseSettings } from "../../stacks/settings";
import { fixtures, stackConfig } from "../support/fixtures";

type Config = Record<string, unknown>;

const findings = (spec: string) => {
  const [first] = stackConfig("dev")["gateway:services"] as Config[];
  const config = { ...stackConfig("dev"), "gateway:services": [{ ...first, spec }] };
  return compileApis(parseSettings(config, { stack: "dev", file: "Pulumi.dev.yaml" }), fixtures).findings;
};

describe("A service's spec", () => {
  it("that does not exist is an error at its setting, with the file that was meant", () => {
    const [finding, ...others] = findings("specs/uuid-ap.yaml");
    assert.deepEqual(others, []);
    assert.deepEqual(
      [finding?.level, finding?.rule, finding?.where],
      ["error", "unreadable-file", "Pulumi.dev.yaml gateway:services[0].spec"],
    );
    assert.match(
      finding?.message ?? "",
      /^There is no file specs\/uuid-ap\.yaml\. ?[Dd]id you mean uuid-api\.yaml\? Files in specs: .*entity-api\.yaml/,
    );
    assert.match(findings("nowhere/x.yaml")[0]?.message ?? "", /nowhere has no specs\.$/);
  });

  it("that exists is compiled without an error", () => {
    assert.deepEqual(
      findings("specs/uuid-api.yaml").filter(({ level }) => level === "error"),
      [],
    );
  });
});
