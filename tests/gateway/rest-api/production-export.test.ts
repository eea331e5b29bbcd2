import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { importDefinition } from "../../../gateway/rest-api/definition/import";
import { projectRoot } from "../../../lib/project-root";
import { fixtures } from "../../support/fixtures";
import { type Backend, echoBackend, gatewayFor, type TestGateway } from "./support";

const EXPORTS = [
  {
    what: "an export like one from production",
    file: join(fixtures, "exports/herbarium-api.yaml"),
    atLeast: 57,
  },
  {
    what: "the production export of the reference data",
    file: join(projectRoot, "../shared/data/hubmap/entity-api-export.yaml"),
    atLeast: 100,
  },
];

for (const { what, file, atLeast } of EXPORTS) {
  describe(`${what}, as it is`, () => {
    let echo: Backend;
    let gateway: TestGateway;
    const definition = existsSync(file) ? parse(readFileSync(file, "utf8")) : undefined;

    before(async function () {
      if (!definition) {
        console.log(`      skipped: ${file} is missing`);
        this.skip();
      }
      echo = await echoBackend();
      const allow = async (event: unknown) => ({
        principalId: "u",
        policyDocument: {
          Statement: [
            {
              Action: "execute-api:Invoke",
              Effect: "Allow",
              Resource: (event as { methodArn: string }).methodArn,
            },
          ],
        },
      });
      const names = [...JSON.stringify(definition).matchAll(/:function:([\w-]+)/g)].map(
        (match) => match[1] as string,
      );
      gateway = gatewayFor({
        definition,
        stageVariables: { VPCNLB: echo.authority, VPCLINK: "link" },
        functions: Object.fromEntries(
          names.map((name) => [
            name,
            /auth/i.test(name)
              ? allow
              : async () => ({
                  statusCode: 404,
                  body: '{"message": "Unable to find the requested resource"}',
                }),
          ]),
        ),
      });
    });
    after(async () => {
      await gateway?.close();
      await echo?.close();
    });

    it("every method responds and calls the backend path in its uri", async () => {
      const { methods } = importDefinition(definition, {
        region: "us-east-1",
        accountId: "123456789012",
        partition: "aws",
      });
      assert.ok(methods.length >= atLeast);
      for (const method of methods) {
        const path = method.path.replace(/\{([^}+]+)\+?\}/g, "v-$1");
        // ANY covers the methods that the path does not define.
        const verb = method.httpMethod === "ANY" ? "PATCH" : method.httpMethod;
        const query = method.parameters
          .filter((parameter) => parameter.location === "querystring")
          .map(({ name }) => `${name}=1`)
          .join("&");
        const headers = Object.fromEntries(
          method.parameters
            .filter((parameter) => parameter.location === "header")
            .map(({ name }) => [name, "1"]),
        );
        const seen = await gateway.request({
          path: query ? `${path}?${query}` : path,
          method: verb,
          headers: { Authorization: "Bearer x", ...headers },
        });
        const label = `${method.httpMethod} ${method.path}: ${seen.status} ${seen.text}`;
        if (method.integration.type === "AWS_PROXY") assert.equal(seen.status, 404, label);
        else if (method.integration.type === "HTTP_PROXY") {
          assert.equal(seen.status, 200, label);
          if (verb === "HEAD") continue;
          assert.ok(!/[{}]|%7B/.test(seen.json.url), label);
        }
      }
    });
    it("what the definition does not name is 404 by its catch-all", async () => {
      assert.equal(
        (await gateway.request({ path: "/no/such/thing" })).json.message,
        "Unable to find the requested resource",
      );
    });
  });
}
