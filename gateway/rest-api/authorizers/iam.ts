import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";
import { notAuthorized, resourcePolicyDecision } from "../handlers/resource-policy";
import type { IamCredentials } from "../options";
import type { Runtime } from "../runtime";
import { compilePolicy, evaluate } from "./policy";
import { readSignature, type SignatureHeader } from "./signature-header";

const MINUTES = 5;

/** AWS_IAM: a Signature Version 4 of known credentials, and an identity policy or resource policy that allows the call. */
export function iamAuthorization(runtime: Runtime): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    const signature = readSignature(exchange);
    const credentials = credentialsFor(exchange, signature.accessKeyId);
    checkAge(signature.date, exchange.startedAt);
    await verify(exchange, signature, credentials);
    const arn =
      credentials.arn ?? `arn:${runtime.partition}:iam::${runtime.accountId}:user/${signature.accessKeyId}`;
    Object.assign(exchange.identity, {
      accessKey: signature.accessKeyId,
      accountId: credentials.accountId ?? runtime.accountId,
      caller: signature.accessKeyId,
      user: signature.accessKeyId,
      userArn: arn,
    });
    checkPolicies(exchange, credentials, arn);
  };
}

const refused = (message: string, errorType = "InvalidSignatureException"): GatewayError =>
  new GatewayError("INVALID_SIGNATURE", "", { message, errorType });

function credentialsFor(exchange: Exchange, accessKeyId: string): IamCredentials {
  const known = exchange.runtime.options.credentials ?? {};
  const credentials = Object.hasOwn(known, accessKeyId) ? known[accessKeyId] : undefined;
  const token = credentials?.sessionToken;
  if (!credentials || (token && exchange.header("x-amz-security-token") !== token))
    throw refused("The security token included in the request is invalid.", "UnrecognizedClientException");
  return credentials;
}

function checkPolicies(exchange: Exchange, credentials: IamCredentials, arn: string): void {
  const { runtime } = exchange;
  const identity = credentials.policy
    ? evaluate(compilePolicy(credentials.policy), {
        action: "execute-api:Invoke",
        resource: runtime.methodArn(exchange.method, exchange.path),
        conditions: { "aws:sourceip": exchange.sourceIp },
      })
    : "allow";
  const resource = runtime.api.policy ? resourcePolicyDecision(runtime)(exchange) : "implicit deny";
  if (identity === "explicit deny" || resource === "explicit deny")
    throw notAuthorized(exchange, arn, "explicit deny");
  if (identity !== "allow" && resource !== "allow") throw notAuthorized(exchange, arn, "implicit deny");
}

function checkAge(date: Date, now: number): void {
  if (!Number.isFinite(date.getTime()) || Math.abs(now - date.getTime()) > MINUTES * 60_000) {
    throw Number.isFinite(date.getTime()) && date.getTime() < now
      ? refused(
          `Signature expired: ${stamp(date)} is now earlier than ${stamp(new Date(now - MINUTES * 60_000))}`,
        )
      : new GatewayError("EXPIRED_TOKEN", "", { message: "Signature not yet current" });
  }
}

const stamp = (date: Date): string => date.toISOString().replace(/[-:]|\.\d{3}/g, "");

/** Signs the request again with the known secret, over the same headers, and compares. */
async function verify(exchange: Exchange, sent: SignatureHeader, credentials: IamCredentials): Promise<void> {
  const signer = new SignatureV4({
    service: "execute-api",
    region: exchange.runtime.region,
    sha256: Sha256 as never,
    credentials: { accessKeyId: sent.accessKeyId, secretAccessKey: credentials.secretAccessKey },
    applyChecksum: false,
  });
  const headers = Object.fromEntries(
    sent.signedHeaders.map((name) => [name, String(exchange.request.headers[name] ?? "")]),
  );
  const signed = await signer.sign(
    {
      method: exchange.request.method ?? "GET",
      protocol: "https:",
      hostname: headers.host ?? "",
      path: decodeURI((exchange.request.url ?? "/").split("?")[0] as string),
      query: exchange.query.multi(),
      headers,
      body: await exchange.body(),
    },
    { signingDate: sent.date, signableHeaders: new Set(sent.signedHeaders), unsignableHeaders: new Set() },
  );
  const expected =
    /Signature=([0-9a-f]+)/.exec(String(signed.headers.authorization ?? signed.headers.Authorization))?.[1] ??
    "";
  const claimed = exchange.header("x-amz-content-sha256");
  const hash = createHash("sha256")
    .update(await exchange.body())
    .digest("hex");
  const isIntact = claimed === undefined || claimed === "UNSIGNED-PAYLOAD" || claimed === hash;
  const same =
    isIntact &&
    expected.length === sent.signature.length &&
    timingSafeEqual(Buffer.from(expected), Buffer.from(sent.signature));
  if (!same || sent.region !== exchange.runtime.region || sent.service !== "execute-api") {
    throw refused(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
  }
}

/** The hash interface that the signer requires. */
class Sha256 {
  private readonly hash;
  constructor(secret?: string | Uint8Array) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret);
  }
  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
}
