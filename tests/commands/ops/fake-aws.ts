import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What the stand-in for AWS holds. Only what day-two operation reads or changes. */
export interface FakeAccount {
  apis: FakeApi[];
  /** bucket → key → object */
  buckets: Record<string, Map<string, FakeObject>>;
  vpcLinks?: Record<string, unknown>[];
  domainNames?: Record<string, unknown>[];
  /** domain → API mappings, one to a page */
  mappings?: Record<string, Record<string, unknown>[]>;
  /** Answers of query and JSON-RPC services: "Action" → XML or JSON text, from the request's body where it matters. */
  answers?: Record<string, string | ((body: string) => string)>;
  /** Zones and their records, as Route 53's XML. */
  zones?: string;
  records?: string;
  /** Kinds of requests whose first is answered with "slow down". */
  throttles?: string[];
}

export interface FakeApi {
  id: string;
  name: string;
  deployments: { id: string; createdDate: number; description?: string }[];
  stages: Record<string, unknown>[];
  /** The export of every stage. */
  definition?: unknown;
}

export interface FakeObject {
  body: string;
  metadata: Record<string, string>;
}

export interface FakeAws {
  url: string;
  /** `METHOD /path` of every request, in order. */
  requests: string[];
  close(): Promise<void>;
}

/** Answers the AWS calls of `ops/` over HTTP as AWS does: paths, status codes and error shapes, without signatures. */
export async function fakeAws(account: FakeAccount): Promise<FakeAws> {
  const requests: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://aws");
    const body = await bodyOf(request);
    const action =
      request.headers["x-amz-target"]?.toString().split(".").pop() ?? new URLSearchParams(body).get("Action");
    requests.push(action ? String(action) : `${request.method} ${url.pathname}`);
    const kind = requests.at(-1) ?? "";
    const isFirst = requests.indexOf(kind) === requests.length - 1;
    const answer =
      account.throttles?.includes(kind) && isFirst
        ? slowDown(request)
        : action
          ? rpc(account, String(action), body)
          : (route53(account, url) ??
            gateway(account, String(request.method), url) ??
            s3(account, String(request.method), url, body, request));
    response.writeHead(answer.status, {
      "content-type": answer.type ?? "application/json",
      ...answer.headers,
    });
    response.end(answer.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface Answer {
  status: number;
  body?: string;
  type?: string;
  headers?: Record<string, string>;
}

const json = (value: unknown, status = 200): Answer => ({ status, body: JSON.stringify(value) });
const refusal = (status: number, name: string, message: string): Answer => ({
  ...json({ message }, status),
  headers: { "x-amzn-errortype": name },
});

/** How each of the protocols says that a client calls too often. */
function slowDown({ headers, url }: IncomingMessage): Answer {
  if (headers["x-amz-target"]) return refusal(400, "ThrottlingException", "Rate exceeded");
  const isXml = headers["content-type"]?.includes("urlencoded") || url?.startsWith("/2013-04-01/");
  if (!isXml) return refusal(429, "TooManyRequestsException", "Too Many Requests");
  return {
    status: 400,
    type: "text/xml",
    body: "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>",
  };
}

function route53({ zones, records }: FakeAccount, { pathname }: URL): Answer | undefined {
  if (pathname === "/2013-04-01/hostedzonesbyname") return { status: 200, type: "text/xml", body: zones };
  if (/^\/2013-04-01\/hostedzone\/[^/]+\/rrset$/.test(pathname))
    return { status: 200, type: "text/xml", body: records };
  return undefined;
}

function rpc(account: FakeAccount, action: string, body: string): Answer {
  const given = account.answers?.[action];
  const text = typeof given === "function" ? given(body) : given;
  if (text === undefined)
    return refusal(400, "UnknownOperationException", `the stand-in does not know ${action}`);
  return { status: 200, body: text, type: text.startsWith("<") ? "text/xml" : "application/x-amz-json-1.1" };
}

/** Two APIs to a page, to see whether the caller turns it. */
const PAGE = 2;

function page(list: string, token: string, all: unknown[], { searchParams }: URL, size: number): Answer {
  const from = Number(searchParams.get(token) ?? 0);
  const more = from + size < all.length ? { [token]: String(from + size) } : {};
  return json({ [list]: all.slice(from, from + size), ...more });
}

function gateway(account: FakeAccount, method: string, url: URL): Answer | undefined {
  const [kind, id, part, partId, , exportType] = url.pathname.slice(1).split("/").map(decodeURIComponent);
  if (kind === "vpclinks") {
    const link = account.vpcLinks?.find((candidate) => candidate.id === id);
    return link ? json(link) : refusal(404, "NotFoundException", "Invalid Vpc Link identifier specified");
  }
  if (kind === "domainnames") return page("item", "position", account.domainNames ?? [], url, PAGE);
  if (kind === "v2") return page("items", "nextToken", account.mappings?.[part ?? ""] ?? [], url, 1);
  if (kind !== "restapis") return undefined;
  if (id === undefined) {
    const from = Number(url.searchParams.get("position") ?? 0);
    const item = account.apis.slice(from, from + PAGE).map(({ id, name }) => ({ id, name }));
    return json({ item, ...(from + PAGE < account.apis.length ? { position: String(from + PAGE) } : {}) });
  }
  const api = account.apis.find((candidate) => candidate.id === id);
  if (!api) return refusal(404, "NotFoundException", "Invalid API identifier specified");
  if (part === "stages" && exportType === "oas30") {
    if (url.searchParams.get("extensions") !== "apigateway") return json({ openapi: "3.0.1" });
    return json(api.definition);
  }
  if (part === "stages") return json({ item: api.stages });
  if (part === "deployments" && method === "GET") return json({ item: api.deployments });
  if (part === "deployments" && method === "DELETE") {
    if (api.stages.some(({ deploymentId }) => deploymentId === partId)) {
      const message = "Active stages pointing to this deployment must be moved or deleted";
      return refusal(400, "BadRequestException", message);
    }
    api.deployments = api.deployments.filter((deployment) => deployment.id !== partId);
    return { status: 202 };
  }
  return json(api);
}

function s3(
  { buckets }: FakeAccount,
  method: string,
  url: URL,
  body: string,
  request: IncomingMessage,
): Answer {
  const [bucketName = "", ...rest] = url.pathname.slice(1).split("/").map(decodeURIComponent);
  const key = rest.join("/");
  const bucket = buckets[bucketName];
  if (!bucket) return xmlError(404, "NoSuchBucket", `The specified bucket does not exist: ${bucketName}`);
  if (key === "") {
    const prefix = url.searchParams.get("prefix") ?? "";
    const contents = [...bucket.keys()].filter((name) => name.startsWith(prefix));
    return {
      status: 200,
      type: "application/xml",
      body: `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.map((name) => `<Contents><Key>${name}</Key></Contents>`).join("")}</ListBucketResult>`,
    };
  }
  if (method === "PUT") {
    if (request.headers["if-none-match"] === "*" && bucket.has(key)) {
      return xmlError(
        412,
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
      );
    }
    const metadata = Object.entries(request.headers)
      .filter(([name]) => name.startsWith("x-amz-meta-"))
      .map(([name, value]) => [name.slice("x-amz-meta-".length), String(value)]);
    bucket.set(key, { body, metadata: Object.fromEntries(metadata) });
    return { status: 200 };
  }
  const object = bucket.get(key);
  if (!object) return xmlError(404, "NoSuchKey", `The specified key does not exist: ${key}`);
  const headers = Object.fromEntries(
    Object.entries(object.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]),
  );
  return { status: 200, headers, body: method === "HEAD" ? undefined : object.body };
}

const xmlError = (status: number, code: string, message: string): Answer => ({
  status,
  type: "application/xml",
  body: `<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return decodeChunked(Buffer.concat(chunks).toString(), request);
}

/** S3 clients send a body in signed chunks: `SIZE\r\nDATA\r\n0\r\nchecksum`. */
function decodeChunked(text: string, request: IncomingMessage): string {
  if (!String(request.headers["content-encoding"]).includes("aws-chunked")) return text;
  let rest = text;
  let body = "";
  for (;;) {
    const [, size = "0"] = /^([0-9a-f]+)[^\r\n]*\r\n/.exec(rest) ?? [];
    const length = Number.parseInt(size, 16);
    if (length === 0) return body;
    const start = rest.indexOf("\r\n") + 2;
    body += rest.slice(start, start + length);
    rest = rest.slice(start + length + 2);
  }
}
