import assert from "node:assert/strict";
import { deployPolicy, grants } from "../../../commands/ops/deploy-policy/document";
import { isKnownType } from "../../../offline/compare/replacements";
import type { RecordedResource } from "../../../offline/recording";
import { excessOf } from "../../../policies/rules/iam";
import { recorded, stacks } from "../../support/fixtures";

const where = { region: "us-east-1", account: "123456789012" };

describe("Every resource type of every stack", function () {
  this.timeout(240_000);

  for (const stack of stacks) {
    describe(stack, () => {
      let resources: RecordedResource[];
      before(async () => {
        ({ resources } = await recorded(stack));
      });

      it("has a grant for the deploy role", () => {
        const { documents, uncovered } = deployPolicy(resources, where);
        assert.deepEqual(uncovered, []);
        const granted = new Set(
          documents.flatMap(({ Statement }) => Statement).flatMap(({ Action }) => Action),
        );
        for (const type of new Set(resources.map((resource) => resource.type))) {
          for (const { read = [], write = [] } of grants[type] ?? []) {
            for (const action of [...read, ...write]) assert.ok(granted.has(action), `${type}: ${action}`);
          }
        }
      });

      it("is granted by name or id, never as a whole service", () => {
        const statements = deployPolicy(resources, where).documents.flatMap(({ Statement }) => Statement);
        for (const { Action, Resource } of statements) {
          for (const action of Action) assert.doesNotMatch(action, /\*/);
          for (const arn of Resource)
            assert.doesNotMatch(arn, /^arn:aws:(iam|lambda|s3|elasticloadbalancing):[^:]*:[^:]*:\*$/);
        }
        const anywhere = statements.filter(({ Resource }) => Resource.includes("*"));
        assert.deepEqual(
          anywhere
            .flatMap((statement) => excessOf(statement))
            .filter((text) => /s3:|iam:|lambda:/.test(text)),
          [],
        );
      });

      it("is one whose replacement can be estimated", () => {
        const types = new Set(resources.map(({ type }) => type).filter((type) => type.startsWith("aws:")));
        assert.deepEqual(
          [...types].filter((type) => !isKnownType(type)),
          [],
        );
      });
    });
  }
});
