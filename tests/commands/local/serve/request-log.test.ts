import assert from "node:assert/strict";
import { createServer, get } from "node:http";
import { listen } from "../../../../commands/local/listen";
import { indexPage } from "../../../../commands/local/serve/index-page";
import { logRequest } from "../../../../commands/local/serve/request-log";
import { modelOf } from "../../../../offline/model";
import { recorded } from "../../../support/fixtures";

describe("The request log", () => {
  async function logged(status: number, body: string, path = "/x?access_token=secret"): Promise<string> {
    const lines: string[] = [];
    const server = createServer((request, response) => {
      logRequest(request, response, (line) => lines.push(line));
      request.headers.host = "changed later";
      response.writeHead(status, { "content-type": "application/json" });
      response.write(body.slice(0, 5));
      response.end(body.slice(5));
    });
    const origin = await listen(server);
    await fetch(`${origin}${path}`).then((response) => response.text());
    server.closeAllConnections();
    server.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(lines.length, 1);
    return (lines[0] ?? "").replace(/\d+ ms/, "N ms").replace(/:\d{4,5}/, ":PORT");
  }

  it("has a line per request, without its query", async () => {
    assert.equal(await logged(200, '{"message":"not shown"}'), "GET 127.0.0.1:PORT/x 200 N ms");
  });

  it("shows the message of an error and the hint of an authorizer", async () => {
    const denied = JSON.stringify({ message: "Denied", hint: "Nonactive or invalid auth token" });
    assert.match(await logged(403, denied), /403 N ms {2}Denied Hint: Nonactive or invalid auth token$/);
    assert.match(await logged(401, '{"message":"Unauthorized","hint":""}'), /401 N ms {2}Unauthorized$/);
    assert.match(await logged(500, "<html>"), /500 N ms$/);
  });

  it("says when the client disconnects first", async () => {
    const lines: string[] = [];
    const server = createServer((request, response) =>
      logRequest(request, response, (line) => lines.push(line)),
    );
    const origin = await listen(server);
    const request = get(`${origin}/slow`);
    request.on("error", () => {});
    await new Promise((resolve) => server.once("request", resolve));
    request.destroy();
    for (let i = 0; i < 100 && lines.length === 0; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    server.close();
    assert.match(lines[0] ?? "", /\/slow client disconnected \d+ ms$/);
  });
});

describe("The page at the root of localhost", () => {
  it("lists every route with its access, and links public ones", async () => {
    const model = modelOf(await recorded("dev"));
    const [service] = model.services;
    assert.ok(service);
    const page = indexPage(model, { [service.name]: { domain: "<x>.example.org", basePath: "" } });
    assert.match(page, new RegExp(`<a href="/${service.name}/status">`));
    assert.match(page, /<td>GET<td>[^\n]*\{[^\n]*<td>read/);
    assert.match(page, /&#60;x&#62;\.example\.org/);
    assert.doesNotMatch(page, /<h2>search-api/);
  });
});
