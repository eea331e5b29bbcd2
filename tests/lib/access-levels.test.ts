import assert from "node:assert/strict";
import { holders, levelClosure } from "../../lib/access-levels";

describe("access levels", () => {
  const levels = {
    read: { groups: ["readers"], includes: ["create"] },
    create: { groups: ["writers", "admins"], includes: ["data-admin"] },
    "data-admin": { groups: ["admins"] },
    empty: {},
  };

  it("counts the groups of included levels, each once", () => {
    assert.deepEqual(holders("read", levels), ["readers", "writers", "admins"]);
    assert.deepEqual(holders("data-admin", levels), ["admins"]);
    assert.deepEqual(holders("empty", levels), []);
  });

  it("gives nobody a level that does not exist, one of the prototype's names included", () => {
    assert.deepEqual(holders("raed", levels), []);
    assert.deepEqual(holders("constructor", levels), []);
    assert.deepEqual(levelClosure("read", { read: { includes: ["absent"] } }), ["read"]);
  });

  it("ends where levels include each other", () => {
    const circle = { a: { groups: ["a"], includes: ["b"] }, b: { groups: ["b"], includes: ["a"] } };
    assert.deepEqual(levelClosure("a", circle), ["a", "b"]);
    assert.deepEqual(holders("b", circle), ["b", "a"]);
  });
});
