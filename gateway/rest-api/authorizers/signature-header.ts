import { createHash } from "node:crypto";
import { GatewayError } from "../errors";
import type { Exchange } from "../exchange";

/** A Signature Version 4 as the Authorization header states it. */
export interface SignatureHeader {
  accessKeyId: string;
  region: string;
  service: string;
  date: Date;
  signedHeaders: string[];
  signature: string;
}

/**
 * API Gateway reads every Authorization header as a signature where a request is signed or has no method
 * (aws/chalice#828, DataBiosphere/azul#7470).
 * @throws GatewayError for what is not a signature
 */
export function readSignature(exchange: Exchange): SignatureHeader {
  const header = exchange.header("authorization");
  if (!header) throw new GatewayError("MISSING_AUTHENTICATION_TOKEN", "the request is not signed");
  const parameters = header.slice(header.indexOf(" ") + 1);
  if (header.includes(" ") && parameters.split(",").some((pair) => !pair.includes("="))) {
    const hash = createHash("sha256").update(header).digest("base64");
    throw incomplete(
      `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hash}'.`,
    );
  }
  const fields = new Map(
    [...header.matchAll(/(Credential|SignedHeaders|Signature)=([^,\s]+)/g)].map((match) => [
      match[1],
      match[2] as string,
    ]),
  );
  const date = exchange.header("x-amz-date") ?? exchange.header("date");
  const missing = [
    ...["Credential", "Signature", "SignedHeaders"]
      .filter((name) => !fields.has(name))
      .map((name) => `'${name}' parameter`),
    ...(date === undefined ? ["existence of either a 'X-Amz-Date' or a 'Date' header"] : []),
  ];
  if (!header.startsWith("AWS4-HMAC-SHA256") || missing.length > 0) {
    const text = missing.map((part) => `Authorization header requires ${part}. `).join("");
    throw incomplete(`${text}Authorization=${header}`);
  }
  const [accessKeyId = "", , region = "", service = ""] = (fields.get("Credential") as string).split("/");
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date ?? "") ?? [];
  return {
    accessKeyId,
    region,
    service,
    date: new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`),
    signedHeaders: (fields.get("SignedHeaders") as string).split(";"),
    signature: fields.get("Signature") as string,
  };
}

/** The access log on AWS has the response type DEFAULT_4XX (DataBiosphere/azul#7470). */
const incomplete = (message: string): GatewayError =>
  new GatewayError("DEFAULT_4XX", "", {
    status: 403,
    errorType: "IncompleteSignatureException",
    message,
    bodyStyle: "front",
  });
