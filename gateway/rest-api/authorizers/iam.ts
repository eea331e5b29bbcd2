import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { ExpiredToken, InvalidSignature, MissingAuthenticationToken } from "../errors";
import type { Exchange } from "../exchange";
import type { IamCredentials } from "../options";
import type { Runtime } from "../runtime";
import { notAuthorized, resourcePolicyDecision } from "../stages/resource-policy";
import { compilePolicy, evaluate } from "./policy";

const MINUTES = 5;

/** AWS_IAM: a Signature Version 4 of known credentials whose policy, or the API's resource policy, allows the call. */
export class IamAuthorization {
  constructor(private readonly runtime: Runtime) {}

  async authorize(exchange: Exchange): Promise<void> {
    const signature = readSignature(exchange);
    const credentials = this.runtime.options.credentials?.[signature.accessKeyId];
    if (!credentials) {
      throw new InvalidSignature(
        "The security token included in the request is invalid.",
        "UnrecognizedClientException",
      );
    }
    if (credentials.sessionToken && exchange.header("x-amz-security-token") !== credentials.sessionToken) {
      throw new InvalidSignature(
        "The security token included in the request is invalid.",
        "UnrecognizedClientException",
      );
    }
    checkAge(signature.date, exchange.startedAt);
    await verify(exchange, signature, credentials);
    const arn =
      credentials.arn ??
      `arn:${this.runtime.partition}:iam::${this.runtime.accountId}:user/${signature.accessKeyId}`;
    const accountId = credentials.accountId ?? this.runtime.accountId;
    Object.assign(exchange.identity, {
      accessKey: signature.accessKeyId,
      accountId,
      caller: signature.accessKeyId,
      user: signature.accessKeyId,
      userArn: arn,
    });
    this.checkPolicies(exchange, credentials, arn);
  }

  private checkPolicies(exchange: Exchange, credentials: IamCredentials, arn: string): void {
    const identity = credentials.policy
      ? evaluate(compilePolicy(credentials.policy), {
          action: "execute-api:Invoke",
          resource: this.runtime.methodArn(exchange.method, exchange.path),
          conditions: { "aws:sourceip": exchange.sourceIp },
        })
      : "allow";
    const resource = this.runtime.api.policy
      ? resourcePolicyDecision(this.runtime)(exchange)
      : "implicit deny";
    if (identity === "explicit deny" || resource === "explicit deny")
      throw notAuthorized(exchange, arn, "explicit deny");
    if (identity !== "allow" && resource !== "allow") throw notAuthorized(exchange, arn, "implicit deny");
  }
}

interface ReadSignature {
  accessKeyId: string;
  region: string;
  service: string;
  date: Date;
  signedHeaders: string[];
  signature: string;
}

function readSignature(exchange: Exchange): ReadSignature {
  const header = exchange.header("authorization");
  if (!header) throw new MissingAuthenticationToken("the request is not signed");
  const fields = new Map(
    [...header.matchAll(/(Credential|SignedHeaders|Signature)=([^,\s]+)/g)].map((match) => [
      match[1],
      match[2] as string,
    ]),
  );
  const missing = ["Credential", "Signature", "SignedHeaders"].filter((name) => !fields.has(name));
  if (!header.startsWith("AWS4-HMAC-SHA256") || missing.length > 0) {
    throw new InvalidSignature(
      `${missing.map((name) => `Authorization header requires '${name}' parameter. `).join("")}Authorization=${header}`,
      "IncompleteSignatureException",
    );
  }
  const [accessKeyId = "", , region = "", service = ""] = (fields.get("Credential") as string).split("/");
  const stamp = exchange.header("x-amz-date") ?? "";
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp) ?? [];
  return {
    accessKeyId,
    region,
    service,
    date: new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`),
    signedHeaders: (fields.get("SignedHeaders") as string).split(";"),
    signature: fields.get("Signature") as string,
  };
}

function checkAge(date: Date, now: number): void {
  if (!Number.isFinite(date.getTime()) || Math.abs(now - date.getTime()) > MINUTES * 60_000) {
    throw Number.isFinite(date.getTime()) && date.getTime() < now
      ? new InvalidSignature(
          `Signature expired: ${stamp(date)} is now earlier than ${stamp(new Date(now - MINUTES * 60_000))}`,
        )
      : new ExpiredToken("Signature not yet current");
  }
}

const stamp = (date: Date): string => date.toISOString().replace(/[-:]|\.\d{3}/g, "");

/** Signs the request again with the known secret, over the same headers, and compares. */
async function verify(exchange: Exchange, sent: ReadSignature, credentials: IamCredentials): Promise<void> {
  const signer = new SignatureV4({
    service: "execute-api",
    region: exchange.runtime.region,
    sha256: Sha256 as never,
    credentials: { accessKeyId: sent.accessKeyId, secretAccessKey: credentials.secretAccessKey },
    applyChecksum: false,
  });
  const headers: Record<string, string> = {};
  for (const name of sent.signedHeaders) headers[name] = String(exchange.request.headers[name] ?? "");
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
  const untouched = claimed === undefined || claimed === "UNSIGNED-PAYLOAD" || claimed === hash;
  const same =
    untouched &&
    expected.length === sent.signature.length &&
    timingSafeEqual(Buffer.from(expected), Buffer.from(sent.signature));
  if (!same || sent.region !== exchange.runtime.region || sent.service !== "execute-api") {
    throw new InvalidSignature(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
  }
}

/** The hash interface the signer asks for. */
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
