import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeIssue {
  number: number;
  title?: string;
  body: string;
  labels: string[];
  state: "open" | "closed";
  comments: { id: number; body: string; user: { type: string } }[];
}

export interface FakeGitHub {
  env: Record<string, string>;
  issues: FakeIssue[];
  /** Pull request → commit of its head. */
  heads: Record<number, string>;
  requests: string[];
  close(): Promise<void>;
}

/** The part of GitHub's REST API that the workflows use, for the repository team/gateway and one token. */
export async function fakeGitHub(): Promise<FakeGitHub> {
  const state: Pick<FakeGitHub, "issues" | "heads" | "requests"> = { issues: [], heads: {}, requests: [] };
  let nextId = 1000;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://github");
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
    const path = url.pathname.replace("/repos/team/gateway", "");
    state.requests.push(`${request.method} ${path}`);
    if (request.headers.authorization !== "Bearer workflow-token")
      return answer(401, { message: "Bad credentials" });

    const [, kind, id, part] = path.split("/");
    const page = <T>(items: T[]) => {
      const size = Number(url.searchParams.get("per_page"));
      const from = (Number(url.searchParams.get("page")) - 1) * size;
      return items.slice(from, from + size);
    };
    const issue = state.issues.find(({ number }) => number === Number(id));
    if (kind === "pulls") {
      const sha = state.heads[Number(id)];
      return sha ? answer(200, { head: { sha } }) : answer(404, { message: "Not Found" });
    }
    if (kind === "issues" && id === "comments") {
      const comment = state.issues.flatMap(({ comments }) => comments).find((one) => one.id === Number(part));
      if (!comment) return answer(404, { message: "Not Found" });
      Object.assign(comment, body);
      return answer(200, comment);
    }
    if (kind === "issues" && id === undefined && request.method === "GET") {
      const label = url.searchParams.get("labels") ?? "";
      return answer(
        200,
        page(state.issues.filter((one) => one.state === "open" && one.labels.includes(label))),
      );
    }
    if (kind === "issues" && id === undefined) {
      const made: FakeIssue = { number: ++nextId, state: "open", comments: [], ...body };
      state.issues.push(made);
      return answer(201, made);
    }
    if (!issue) return answer(404, { message: "Not Found" });
    if (part === "comments" && request.method === "GET") return answer(200, page(issue.comments));
    if (part === "comments") {
      const comment = { id: ++nextId, body: body.body, user: { type: "Bot" } };
      issue.comments.push(comment);
      return answer(201, comment);
    }
    Object.assign(issue, body);
    return answer(200, issue);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    ...state,
    env: {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: "team/gateway",
      GITHUB_TOKEN: "workflow-token",
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
