/**
 * HTTP headers as AWS treats them: names keep their case, order and repetitions matter. API Gateway looks names up case-sensitively
 * in mappings ("Header names and query parameters are processed in a case-sensitive way", important notes), but
 * case-insensitively where it reads a header itself.
 */

/** Flat list `[name, value, name, value, …]`, like Node's `rawHeaders`. */
export type RawHeaders = string[];

/** Last value of a header, any case; undefined when absent. */
export function headerValue(headers: RawHeaders, lowerName: string): string | undefined {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    const name = headers[i] as string;
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) return headers[i + 1];
  }
  return undefined;
}

export function headerValues(headers: RawHeaders, lowerName: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length === lowerName.length && name.toLowerCase() === lowerName)
      values.push(headers[i + 1] as string);
  }
  return values;
}

/** Replaces every header of that name, any case, by one. */
export function setHeader(headers: RawHeaders, name: string, value: string): void {
  removeHeader(headers, name.toLowerCase());
  headers.push(name, value);
}

export function removeHeader(headers: RawHeaders, lowerName: string): void {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if ((headers[i] as string).toLowerCase() === lowerName) headers.splice(i, 2);
  }
}

/** One value per name as sent, the last of repeated ones (recorded: test_lambda_aws_proxy_integration). */
export function singleValues(headers: RawHeaders): Record<string, string> {
  return Object.fromEntries(pairs(headers));
}

export function multiValues(headers: RawHeaders): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs(headers)) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}

function* pairs(headers: RawHeaders): Generator<[string, string]> {
  for (let i = 0; i < headers.length; i += 2) yield [headers[i] as string, headers[i + 1] as string];
}

/** What happens to a header; all columns are optional. */
interface Treatment {
  /** Sent by a client: never reaches mappings, functions or backends. */
  request?: "drop";
  /** Sent by a client to HTTP_PROXY: not passed through, but a mapping may set it. */
  passed?: "drop";
  /** Set by a mapping of an HTTP or AWS integration: dropped, or 500. */
  mappedHttp?: "drop" | "illegal";
  mappedAws?: "drop" | "illegal";
  /** In the response of a proxy integration, or of a custom one: renamed to `x-amzn-Remapped-<Name>`, or dropped. */
  proxyResponse?: "remap" | "drop";
  customResponse?: "remap" | "drop";
}

/**
 * Guide: important notes, "Headers"; request and custom response as recorded (TestApiGatewayHeaderRemapping), proxy responses
 * as far as recorded (Connection, Content-Length, Date, Server, x-amzn-RequestId).
 */
const TREATMENTS: Readonly<Record<string, Treatment>> = {
  Authorization: { mappedAws: "illegal", proxyResponse: "remap", customResponse: "remap" },
  Connection: {
    request: "drop",
    mappedHttp: "drop",
    mappedAws: "illegal",
    proxyResponse: "remap",
    customResponse: "remap",
  },
  "Content-Encoding": { passed: "drop" },
  "Content-Length": {
    request: "drop",
    mappedHttp: "illegal",
    mappedAws: "illegal",
    proxyResponse: "remap",
    customResponse: "remap",
  },
  "Content-MD5": { request: "drop", proxyResponse: "remap", customResponse: "remap" },
  Date: { proxyResponse: "remap", customResponse: "remap" },
  Expect: {
    request: "drop",
    mappedHttp: "drop",
    mappedAws: "illegal",
    proxyResponse: "drop",
    customResponse: "remap",
  },
  Host: { passed: "drop", proxyResponse: "drop", customResponse: "remap" },
  "Keep-Alive": { request: "drop", mappedHttp: "drop", proxyResponse: "drop", customResponse: "drop" },
  "Max-Forwards": { request: "drop", proxyResponse: "remap", customResponse: "remap" },
  "Proxy-Authenticate": {
    request: "drop",
    mappedHttp: "drop",
    mappedAws: "illegal",
    proxyResponse: "drop",
    customResponse: "remap",
  },
  Referer: { mappedAws: "drop" },
  Server: { request: "drop", proxyResponse: "remap", customResponse: "remap" },
  TE: { request: "drop", mappedHttp: "drop", mappedAws: "illegal", proxyResponse: "drop" },
  Trailer: { request: "drop", proxyResponse: "drop", customResponse: "remap" },
  "Transfer-Encoding": {
    request: "drop",
    mappedHttp: "illegal",
    mappedAws: "illegal",
    proxyResponse: "drop",
    customResponse: "drop",
  },
  Upgrade: { request: "drop", mappedHttp: "drop", proxyResponse: "drop", customResponse: "remap" },
  "User-Agent": { proxyResponse: "remap", customResponse: "remap" },
  Via: { mappedHttp: "drop", proxyResponse: "drop" },
  "WWW-Authenticate": { request: "drop", proxyResponse: "remap", customResponse: "remap" },
  // Replaced by the gateway's own.
  "x-amz-apigw-id": { proxyResponse: "drop" },
  "x-amzn-RequestId": { proxyResponse: "remap" },
  "X-Amzn-Apigateway-Api-Id": { passed: "drop", mappedHttp: "illegal", mappedAws: "illegal" },
  "X-Amzn-Trace-Id": { passed: "drop", mappedHttp: "illegal", mappedAws: "illegal" },
  "X-HTTP-Method-Override": { request: "drop" },
};

const BY_LOWER_NAME = new Map(
  Object.entries(TREATMENTS).map(([name, treatment]) => [name.toLowerCase(), { name, ...treatment }]),
);

export const treatmentOf = (name: string): Treatment => BY_LOWER_NAME.get(name.toLowerCase()) ?? {};

/** A client's headers as far as API Gateway reads them. */
export function acceptedHeaders(sent: RawHeaders): RawHeaders {
  return sent.filter((_, index) => treatmentOf(sent[index - (index % 2)] as string).request !== "drop");
}

/** Headers of a response after renaming and dropping. */
export function remapResponse(headers: RawHeaders, column: "proxyResponse" | "customResponse"): RawHeaders {
  const remapped: RawHeaders = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const known = BY_LOWER_NAME.get(name.toLowerCase());
    if (known?.[column] === "drop") continue;
    remapped.push(
      known?.[column] === "remap" ? `x-amzn-Remapped-${known.name}` : name,
      headers[i + 1] as string,
    );
  }
  return remapped;
}
