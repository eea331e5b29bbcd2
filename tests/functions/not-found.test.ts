import assert from "node:assert/strict";
import { loadFunction } from "../../commands/local/lambda";
import { buildFunctions } from "../../functions/build";
import { corsHeaders } from "../../functions/shared/proxy";

async function answer(environment: Record<string, string>): Promise<unknown> {
  const { notFound } = buildFunctions();
  const loaded = await loadFunction({
    ...notFound,
    name: "not-found",
    layers: [],
    environment,
    timeoutSeconds: 5,
  });
  try {
    return await loaded.invoke({ resource: "/{proxy+}", path: "/nowhere", httpMethod: "GET", body: null });
  } finally {
    await loaded.close();
  }
}

describe("the 404 function", () => {
  it("responds with 404 and the message, without a layer, and with CORS headers only when configured", async () => {
    assert.deepEqual(await answer({}), {
      statusCode: 404,
      headers: { "Content-Type": "application/json" },
      body: '{"message":"Unable to find the requested resource"}',
    });
  });

  it("sends the configured CORS headers", async () => {
    const cors = { "Access-Control-Allow-Origin": "*" };
    assert.deepEqual(await answer({ CORS_HEADERS: JSON.stringify(cors) }), {
      statusCode: 404,
      headers: { "Content-Type": "application/json", ...cors },
      body: '{"message":"Unable to find the requested resource"}',
    });
  });

  it("does not start with malformed headers", () => {
    for (const text of ["no json", "[]", "null", '{"A":1}']) {
      assert.throws(() => corsHeaders({ CORS_HEADERS: text }), text);
    }
  });
});
