import assert from "node:assert/strict";
import { compareRoutes } from "../../../offline/compare/access";
import type { PlannedRoute } from "../../../offline/plan";
import { levels, notFound, route } from "./routes";

describe("The routing tables of two commits", () => {
  it("are the same when only the order differs", () => {
    const a = { levels, routes: [route("GET", "/a", "read"), route("GET", "/b", "read")] };
    assert.deepEqual(compareRoutes(a, { levels, routes: [...a.routes].reverse() }), []);
  });

  it("show a route with another integration", () => {
    const [change] = compareRoutes(
      { levels, routes: [route("GET", "/a", "read", "http_proxy http://a")] },
      { levels, routes: [route("GET", "/a", "read", "http_proxy http://b")] },
    );
    assert.deepEqual(
      [change?.kind, change?.before, change?.after],
      ["moved", "http_proxy http://a", "http_proxy http://b"],
    );
  });

  const changesOf = (before: PlannedRoute[], after: PlannedRoute[]) =>
    compareRoutes({ levels, routes: before }, { levels, routes: after }).map(
      ({ kind, path, before: from, after: to }) => `${kind} ${path} ${from ?? ""}>${to ?? ""}`,
    );

  it("ignore the names of variables", () => {
    assert.deepEqual(changesOf([route("GET", "/a/{id}", "read")], [route("GET", "/a/{uuid}", "read")]), []);
    assert.deepEqual(changesOf([route("GET", "/a/{id}", "read")], [route("GET", "/a/{uuid}", "public")]), [
      "weakened /a/{uuid} read>public",
    ]);
  });

  it("see that a more specific route answers requests with weaker access, and that a removed one leaves them to another", () => {
    const variable = route("GET", "/a/{id}", "read");
    const specific = route("GET", "/a/status", "public");
    assert.deepEqual(changesOf([variable], [variable, specific]), ["weakened /a/status read>public"]);
    assert.deepEqual(changesOf([variable, specific], [variable]), ["tightened /a/status public>read"]);
    const open = route("ANY", "/{proxy+}", "public");
    assert.deepEqual(changesOf([open, variable], [open]), ["weakened /a/{id} read>public"]);
  });

  it("do not count the 404 catch-all as an answer", () => {
    const nothing = notFound("/{proxy+}");
    assert.deepEqual(changesOf([nothing, route("GET", "/a", "read")], [nothing]), ["removed /a read>"]);
    assert.deepEqual(changesOf([nothing], [nothing, route("GET", "/a", "read")]), ["added /a >read"]);
  });
});
