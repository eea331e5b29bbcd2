import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project-root";

const text = readFileSync(join(projectRoot, "CONTRIBUTING.md"), "utf8");
const config = require(join(projectRoot, ".dependency-cruiser.cjs")) as {
  forbidden: { name: string; to: { pathNot?: string } }[];
};

describe("CONTRIBUTING.md", () => {
  it("names files and folders that exist", () => {
    const named = [...text.matchAll(/`([\w.-]+\/[\w./-]*)`/g)].map(([, path = ""]) => path);
    assert.ok(named.length > 20, `${named.length} paths`);
    assert.deepEqual(
      named.filter((path) => !existsSync(join(projectRoot, path))),
      [],
    );
  });

  it("has the import rules that are checked", () => {
    const rows = [...text.matchAll(/^\| `(\w+)\/(?:index\.ts)?` \| .* \| (.*) \|$/gm)];
    assert.ok(rows.length >= 10, `${rows.length} rooms`);
    for (const [, room = "", allowed = ""] of rows) {
      const rule = config.forbidden.find(({ name }) => name === `arrows-of-${room}`);
      const checked = /^\^\((.*)\)\/$/.exec(rule?.to.pathNot ?? "")?.[1]?.split("|") ?? [];
      const rooms = allowed.replace(/`| \(types\)/g, "").split(", ");
      if (allowed !== "everything below")
        assert.deepEqual(checked.slice(1), allowed === "nothing" ? [] : rooms, room);
    }
  });
});
