import ipaddr from "ipaddr.js";
import { z } from "zod";
import { hasHostBits, parseRange } from "../../lib/cidr";
import { DOMAIN_NAME } from "../../lib/domain-name";

/** An AWS resource ID, e.g. `vpc-0123456789abcdef0` (8 or 17 hexadecimal digits). */
function resourceId(prefix: string, what: string) {
  return z
    .string()
    .regex(
      new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`),
      `the ID of ${what}: ${prefix}- and 17 (or 8) hexadecimal digits, e.g. ${prefix}-0123456789abcdef0`,
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

/** In lower case, without a trailing dot. */
export const domainName = z
  .string()
  .max(253)
  .regex(DOMAIN_NAME, "a domain name in lower case, e.g. example.org");

export const httpsUrl = z
  .string()
  .regex(/^https:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/, "an https URL, e.g. https://id.example.org/path");

/** A private IPv4 address that a network interface can have. */
export const ipv4Address = z.string().refine((text) => {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return false;
  const range = ipaddr.IPv4.parse(text).range();
  return range === "private" || range === "unicast" || range === "carrierGradeNat";
}, "an IPv4 address of the subnet, e.g. 10.1.1.10");

/** Why `text` is not a CIDR block that AWS WAF and EC2 accept, or undefined. */
export function cidrProblem(text: string): string | undefined {
  const range = parseRange(text);
  if (!range) return "not an address range";
  if (!text.includes("/")) return `write one address as ${range.text}`;
  return hasHostBits(range) ? `it has host bits set; the range is ${range.network}` : undefined;
}

const ipv4Problem = (text: string) => (text.includes(":") ? "not IPv4" : cidrProblem(text));

function rangeField(example: string, problemOf: (text: string) => string | undefined) {
  return z.string().superRefine((text, ctx) => {
    const problem = problemOf(text);
    if (problem) ctx.addIssue({ code: "custom", message: `${example} (${problem})` });
  });
}

/** Prefix lengths below which a range admits strangers; the policy `closed-ingress` has the same limits. */
export const SHORTEST_PREFIX = { ipv4: 8, ipv6: 16 };

/** A range for AWS WAF. Source: AWS WAF API reference, IPSet.Addresses ("all IPv4 and IPv6 CIDR ranges except for /0"). */
export const allowedRange = rangeField(
  "an IPv4 or IPv6 range such as 192.0.2.0/24 or 2001:db8::/32",
  (text) => {
    const problem = cidrProblem(text);
    const range = parseRange(text);
    if (problem !== undefined || !range) return problem;
    if (range.prefix === 0) return "AWS WAF accepts every prefix length but 0";
    const shortest = SHORTEST_PREFIX[range.family];
    return range.prefix < shortest ? `an allow list admits at most a /${shortest} in one range` : undefined;
  },
);

export const ipv4Range = rangeField("an IPv4 range such as 192.0.2.0/24", ipv4Problem);

/** The range of a VPC: IPv4, /16 to /28 (and see network.create). Source: Amazon VPC user guide, "VPC CIDR blocks". */
export const vpcRange = rangeField("an IPv4 range such as 10.1.0.0/16", (text) => {
  const length = Number(text.split("/")[1]);
  return ipv4Problem(text) ?? (length < 16 || length > 28 ? "a VPC must be /16 to /28" : undefined);
});

/** An object with exactly one of these keys, e.g. `{ vpcId… }` or `{ create… }`.
 * @param hint where to read about them, e.g. `; see docs/settings.md` */
export function exactlyOne<T extends z.ZodObject>(schema: T, keys: (string & keyof z.infer<T>)[], hint = "") {
  return schema.superRefine((value, ctx) => {
    const given = keys.filter((key) => (value as Record<string, unknown>)[key] !== undefined);
    if (given.length !== 1)
      ctx.addIssue({ code: "custom", message: `exactly one of ${keys.join(", ")}${hint}` });
  });
}
