import assert from "node:assert/strict";
import { contains, coverage, firstHost, hasHostBits, overlaps, parseRange } from "../../lib/cidr";

describe("address ranges", () => {
  const pairs: [outer: string, inner: string, contained: boolean][] = [
    ["10.0.0.0/8", "10.1.2.3", true],
    ["10.0.0.0/8", "10.1.0.0/16", true],
    ["10.1.0.0/16", "10.0.0.0/8", false],
    ["10.1.0.0/16", "10.1.0.0/16", true],
    ["10.1.2.3", "10.1.2.3/32", true],
    ["0.0.0.0/0", "203.0.113.9", true],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["2001:db8::/32", "2001:0DB8:1::/48", true],
    ["2001:db8::/32", "2001:db9::1", false],
    ["::/0", "10.1.2.3", false],
    ["10.0.0.0/8", "::ffff:10.1.2.3", true],
    ["no range", "10.1.2.3", false],
    ["10.0.0.0/8", "no address", false],
    ["10.0.0.0/33", "10.0.0.0", false],
    ["10.0.0.0/", "10.0.0.0", false],
    ["10.0.0.0/8/8", "10.0.0.0", false],
  ];
  for (const [outer, inner, contained] of pairs) {
    it(`${outer} ${contained ? "contains" : "does not contain"} ${inner}`, () =>
      assert.equal(contains(outer, inner), contained));
  }

  it("finds an overlap in either direction, and none between neighbours", () => {
    assert.equal(overlaps("10.0.0.0/8", "10.1.0.0/16"), true);
    assert.equal(overlaps("10.1.0.0/16", "10.0.0.0/8"), true);
    assert.equal(overlaps("10.0.0.0/16", "10.1.0.0/16"), false);
  });

  it("writes every notation of a range the same way and names the network of one with host bits", () => {
    for (const text of ["2001:db8::/32", "2001:0db8::/32", "2001:DB8:0:0::/32"])
      assert.deepEqual(parseRange(text), {
        family: "ipv6",
        prefix: 32,
        text: "2001:db8::/32",
        network: "2001:db8::/32",
      });
    const range = parseRange("10.1.2.3/16");
    assert.equal(range?.network, "10.1.0.0/16");
    assert.equal(range && hasHostBits(range), true);
  });

  it("reads only four-part IPv4, as AWS does", () => {
    for (const text of ["10.1/16", "0x0a.0.0.1", "167772161", "", "/8", "10.0.0.0/-1", "10.0.0.256"])
      assert.equal(parseRange(text), undefined, text);
  });

  it("gives the first host of a range, and the address itself where a range has one only", () => {
    assert.equal(firstHost("10.1.2.0/24"), "10.1.2.1");
    assert.equal(firstHost("10.1.2.3/24"), "10.1.2.1");
    assert.equal(firstHost("10.1.2.2/32"), "10.1.2.2");
    assert.equal(firstHost("2001:db8::/32"), "2001:db8::1");
    assert.equal(firstHost("no range"), undefined);
  });

  it("adds up how much of the address space ranges cover, overlaps once", () => {
    assert.equal(coverage(["0.0.0.0/1", "128.0.0.0/1"], "ipv4"), 1);
    assert.equal(coverage(["0.0.0.0/1", "10.0.0.0/8", "10.1.2.3/8", "::/1"], "ipv4"), 0.5);
    assert.equal(coverage(["::/1"], "ipv6"), 0.5);
    assert.equal(coverage([], "ipv4"), 0);
  });
});
