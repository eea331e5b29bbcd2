// Runs in a process of its own, as a function does: node decide.js <folder of the unpacked authorizer>.
// Prints the medians in milliseconds: a decision for a known token, for a new one, and the two requests that a new
// one costs when nothing but node:http makes them.
const http = require("node:http");
const path = require("node:path");
const { handler } = require(path.join(process.argv[2], "index.js"));

const methodArn = "arn:aws:execute-api:us-east-1:123456789012:abc123/dev/GET/x";
const decide = (token) => handler({ type: "TOKEN", authorizationToken: `Bearer ${token}`, methodArn });
const agent = new http.Agent({ keepAlive: true });

function ask(url, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent, method: body ? "POST" : "GET" }, (response) => {
      response.resume();
      response.on("end", resolve);
    });
    request.on("error", reject).end(body);
  });
}

async function median(count, work) {
  const times = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await work(i);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[count >> 1];
}

async function main() {
  const { GLOBUS_INTROSPECT_URL, GLOBUS_GROUPS_URL } = process.env;
  await median(300, (i) => decide(`warm-${i}`));
  const uncached = await median(1000, (i) => decide(`new-${i}`));
  const requests = await median(1000, async () => {
    await ask(GLOBUS_INTROSPECT_URL, "token=x");
    await ask(GLOBUS_GROUPS_URL);
  });
  await median(5000, () => decide("known"));
  const cached = await median(20_000, () => decide("known"));
  process.send({ cached, uncached, requests });
  agent.destroy();
}

main();
