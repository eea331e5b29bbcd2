import assert from "node:assert/strict";
import { columns, markdownTable, table } from "../../lib/table";

describe("tables", () => {
  it("pads columns to their widest cell and ends no line with blanks", () => {
    assert.equal(
      table(
        ["NAME", "PORT"],
        [
          ["uuid-api", "2222"],
          ["x", ""],
        ],
      ),
      "NAME      PORT\nuuid-api  2222\nx",
    );
  });

  it("sets rows of unequal length, and none at all", () => {
    assert.deepEqual(columns([["a"], ["bb", "c"]]), ["a", "bb  c"]);
    assert.deepEqual(columns([]), []);
  });

  it("keeps a cell of a markdown table in its cell", () => {
    const escaped = markdownTable(["a"], [["x | y\nz"], ["x \\| y"], ["x \\\\| y"]])
      .split("\n")
      .slice(2);
    assert.deepEqual(escaped, ["| x \\| y z |", "| x \\\\\\| y |", "| x \\\\\\| y |"]);
  });
});
