import { isIPv4 } from "node:net";
import { z } from "zod";
import { defaultHealthPort, defaultMaxBodyMb } from "../../../components/backends/psc/nginx/configuration";
import { contains } from "../../../lib/cidr";
import { domainName, instanceId, ipv4Range, port } from "../../settings/fields";

const pemFile = z
  .string()
  .regex(/^[^\s].*\.(pem|crt)$/, "a path to a .pem file, relative to the project folder")
  .describe("PEM file with the certificate authorities for the partner's certificate");

const ipv4Host = z.string().refine(isIPv4, "an IPv4 address such as 192.0.2.10");

/** Not the proxy itself, nor EC2's metadata service. */
const partnerAddress = ipv4Host.refine(
  (text) =>
    !["127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/8", "224.0.0.0/3"].some((range) => contains(range, text)),
  "an IPv4 address that is not loopback, link-local or multicast",
);

const publicAddress = z.union([ipv4Host, ipv4Range], {
  error: "an IPv4 address such as 192.0.2.10, or a range",
});

/** A backend at PSC, the Pittsburgh Supercomputing Center, behind an Nginx reverse proxy on EC2. */
export const pscBackendSchema = z
  .strictObject({
    host: z
      .union([domainName, partnerAddress], {
        error: "a domain name, or an IPv4 address that is not loopback or link-local",
      })
      .describe("Domain name or address of the virtual machine at PSC"),
    port: port.describe("Its TCP port"),
    protocol: z
      .enum(["https", "http"])
      .default("https")
      .describe("http: unencrypted; in production only with plainHttp"),
    plainHttp: z
      .string()
      .min(10)
      .max(300)
      .optional()
      .describe("Why unencrypted requests, tokens included, are acceptable in production"),
    proxy: z
      .union([instanceId, z.array(instanceId).min(1)], {
        error: "the id of an EC2 instance, or a list of ids",
      })
      .optional()
      .describe(
        "Existing EC2 instances as proxies; default: proxies that the stage manages, see gateway:psc",
      ),
    tls: z
      .strictObject({
        ca: pemFile.optional(),
        serverName: domainName.optional().describe("Name in the partner's certificate; default: host"),
      })
      .optional()
      .describe(
        "Verification of the partner's certificate; default: the certificate authorities that Amazon Linux trusts",
      ),
    addresses: z
      .array(ipv4Range)
      .min(1)
      .optional()
      .describe(
        "CIDR ranges that host resolves to, to which the stage's proxies may connect; default: host, if it is an address",
      ),
    maxBodyMb: z
      .int()
      .min(1)
      .max(10_000)
      .default(defaultMaxBodyMb)
      .describe("Maximum request body in MB; API Gateway itself allows 10"),
    healthPath: z
      .string()
      .regex(/^\/[A-Za-z0-9._~/-]*$/, "a path such as /status")
      .default("/")
      .describe("Path that returns 2xx when the service is healthy, for checks from the proxy"),
  })
  .superRefine(({ protocol, tls }, ctx) => {
    if (protocol === "http" && tls !== undefined)
      ctx.addIssue({ code: "custom", path: ["tls"], message: "no tls with protocol: http" });
  })
  .describe("A virtual machine at PSC behind an Nginx proxy");

/** The proxies that the stage manages, for all PSC backends without `proxy`. */
export const pscSchema = z
  .strictObject({
    instanceType: z
      .string()
      .regex(/^[a-z]\d+g[a-z]*\.[a-z0-9]+$/, "an instance type with an Arm processor, e.g. t4g.small")
      .default("t4g.small")
      .describe("Instance type with an Arm processor"),
    minSize: z.int().min(1).max(20).default(1).describe("Minimum number of proxies"),
    maxSize: z.int().min(2).max(40).default(2).describe("Maximum number of proxies; more than minSize"),
    healthPort: port.default(defaultHealthPort).describe("Port of the proxies' health endpoint"),
    ca: pemFile.optional().describe("Default tls.ca of https backends"),
    natAddresses: z
      .array(publicAddress)
      .min(1)
      .optional()
      .describe(
        "Public addresses of the NAT gateways, for the partners' firewalls; default: those of network.create",
      ),
    awsEndpoints: z
      .array(
        z.union([ipv4Range, z.string().regex(/^(sg|pl)-[0-9a-f]{8,17}$/)], {
          error: "an IPv4 range, a security group (sg-…) or a prefix list (pl-…)",
        }),
      )
      .min(1)
      .optional()
      .describe("HTTPS destinations for AWS services; default: 0.0.0.0/0"),
  })
  .superRefine(({ minSize, maxSize }, ctx) => {
    if (maxSize <= minSize)
      ctx.addIssue({
        code: "custom",
        path: ["maxSize"],
        message: `more than minSize (${minSize}): a replacement starts before the old proxy ends`,
      });
  });

export type PscBackendSettings = z.infer<typeof pscBackendSchema>;
export type PscSettings = z.infer<typeof pscSchema>;

/** IDs of a backend's existing proxies, each once. */
export const proxiesOf = ({ proxy = [] }: PscBackendSettings) => [...new Set([proxy].flat())].sort();

/** Where the partner's machine can be, as far as the settings say. */
export const partnerRanges = ({ addresses, host }: PscBackendSettings) =>
  addresses ?? (isIPv4(host) ? [`${host}/32`] : []);
