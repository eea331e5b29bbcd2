import assert from "node:assert/strict";
import { arrayAt, asArray, asObject, objectAt, prop, stringAt, strings, toList } from "../../lib/json";

describe("reading untyped JSON", () => {
  const value = { name: "x", list: [1, "a"], nested: { a: 1 }, none: null };

  it("reads a property of the expected type, and nothing of another", () => {
    assert.equal(stringAt(value, "name"), "x");
    assert.equal(stringAt(value, "list"), undefined);
    assert.deepEqual(objectAt(value, "nested"), { a: 1 });
    assert.equal(objectAt(value, "list"), undefined);
    assert.equal(objectAt(value, "none"), undefined);
    assert.deepEqual(arrayAt(value, "list"), [1, "a"]);
    assert.deepEqual(arrayAt(value, "name"), []);
  });

  it("never reads from the prototype or from what is not an object", () => {
    for (const key of ["constructor", "__proto__", "toString"])
      assert.equal(prop(value, key), undefined, key);
    for (const other of [null, undefined, "text", 1, [1]]) assert.equal(prop(other, "length"), undefined);
  });

  it("replaces anything of another type with an empty value", () => {
    assert.deepEqual(asObject([1]), {});
    assert.deepEqual(asArray({ length: 1 }), []);
    assert.deepEqual(toList(null), []);
    assert.deepEqual(toList("a"), ["a"]);
    assert.deepEqual(strings(["a", 1, "b"]), ["a", "b"]);
    assert.deepEqual(strings("a"), ["a"]);
  });
});
