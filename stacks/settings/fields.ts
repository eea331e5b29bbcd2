import ipaddr from "ipaddr.js";
import { z } from "zod";

/** Text that is one AWS resource id, e.g. `vpc-0123456789abcdef0` (8 or 17 hexadecimal digits). */
function resourceId(prefix: string, what: string) {
  return z
    .string()
    .regex(
      new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`),
      `the id of ${what}: ${prefix}- and 17 (or 8) hexadecimal digits, e.g. ${prefix}-0123456789abcdef0`,
    );
}

export const vpcId = resourceId("vpc", "a VPC");
export const subnetId = resourceId("subnet", "a subnet");
export const securityGroupId = resourceId("sg", "a security group");
export const instanceId = resourceId("i", "an EC2 instance");

export const port = z.int({ error: "a TCP port: a whole number from 1 to 65535" }).min(1).max(65535);

/** An ARN of one service and, where `kind` is given, one kind of resource, e.g. `("secretsmanager", "secret:")`. */
export function arn(service: string, kind = "", what = `an ARN of ${service}`) {
  return z
    .string()
    .regex(
      new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:${kind}\\S+$`),
      `${what}, e.g. arn:aws:${service}:us-east-1:123456789012:${kind}name`,
    );
}

/** A domain name in lower case, without a final dot. */
export const domainName = z
  .string()
  .max(253)
  .regex(
    /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/,
    "a domain name in lower case, e.g. example.org",
  );

export const httpsUrl = z
  .string()
  .regex(/^https:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/, "an https URL, e.g. https://id.example.org/path");

/** A private IPv4 address that a network interface can have. */
export const ipv4Address = z.string().refine((text) => {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return false;
  const range = ipaddr.IPv4.parse(text).range();
  return range === "private" || range === "unicast" || range === "carrierGradeNat";
}, "an IPv4 address of the subnet, e.g. 10.1.1.10");

/** Why `text` is not a CIDR block that AWS WAF and EC2 take, or undefined. */
export function cidrProblem(text: string): string | undefined {
  if (!text.includes("/")) {
    if (!ipaddr.isValid(text)) return "not an address range";
    return `one address is written ${text}/${ipaddr.parse(text).kind() === "ipv4" ? 32 : 128}`;
  }
  if (!ipaddr.isValidCIDR(text) || (!text.includes(":") && !ipaddr.IPv4.isValidCIDRFourPartDecimal(text))) {
    return "not an address range";
  }
  const [address, length] = ipaddr.parseCIDR(text);
  const network = (address.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(text);
  if (network.toNormalizedString() !== address.toNormalizedString()) {
    return `it has host bits set; the range is ${network.toString()}/${length}`;
  }
  return undefined;
}

/** A range as AWS WAF takes it: IPv4 or IPv6, no host bits, every prefix length but 0.
 * Source: AWS WAF API reference, IPSet.Addresses ("all IPv4 and IPv6 CIDR ranges except for /0"). */
export const allowedRange = z.string().superRefine((text, ctx) => {
  const problem =
    cidrProblem(text) ?? (text.endsWith("/0") ? "AWS WAF takes every prefix length but 0" : undefined);
  if (problem)
    ctx.addIssue({
      code: "custom",
      message: `an IPv4 or IPv6 range such as 192.0.2.0/24 or 2001:db8::/32 (${problem})`,
    });
});

/** The range of a VPC: IPv4, /16 to /28. Source: Amazon VPC user guide, "VPC CIDR blocks". */
export const vpcRange = z.string().superRefine((text, ctx) => {
  const length = Number(text.split("/")[1]);
  const problem = text.includes(":")
    ? "not IPv4"
    : (cidrProblem(text) ?? (length < 16 || length > 28 ? "a VPC has /16 to /28" : undefined));
  if (problem) ctx.addIssue({ code: "custom", message: `an IPv4 range such as 10.1.0.0/16 (${problem})` });
});

/** An object with exactly one of these keys: `{ vpcId… }` or `{ create… }`. The issue names them. */
export function exactlyOne<T extends z.ZodObject>(schema: T, ...keys: (string & keyof z.infer<T>)[]) {
  return schema.superRefine((value, ctx) => {
    const given = keys.filter((key) => (value as Record<string, unknown>)[key] !== undefined);
    if (given.length !== 1) ctx.addIssue({ code: "custom", message: `exactly one of ${keys.join(", ")}` });
  });
}
