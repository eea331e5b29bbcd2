import { isIPv4 } from "node:net";
import { z } from "zod";
import { defaultHealthPort, defaultMaxBodyMb } from "../../components/backends/psc/nginx/configuration";
import { cidrProblem, domainName, instanceId, port } from "./fields";

const pemFile = z
  .string()
  .regex(/^[^\s].*\.(pem|crt)$/, "a path to a .pem file, relative to the project's folder")
  .describe("PEM file with the authorities that sign the partner's certificate");

const ipv4Range = z.string().superRefine((text, ctx) => {
  const problem = text.includes(":") ? "not IPv4" : cidrProblem(text);
  if (problem) ctx.addIssue({ code: "custom", message: `an IPv4 range such as 192.0.2.0/24 (${problem})` });
});

const ipv4Host = z.string().refine(isIPv4, "an IPv4 address such as 192.0.2.10");

const publicAddress = z.union([ipv4Host, ipv4Range], {
  error: "an IPv4 address such as 192.0.2.10, or a range",
});

/** A backend at PSC, reached through an Nginx reverse proxy on EC2. */
export const pscBackendSchema = z
  .strictObject({
    host: z
      .union([domainName, ipv4Host], { error: "a domain name or an IPv4 address" })
      .describe("Name or address of the virtual machine at PSC"),
    port: port.describe("Its TCP port"),
    protocol: z
      .enum(["https", "http"])
      .default("https")
      .describe("http: in clear over the partner's network, with a warning"),
    proxy: z
      .union([instanceId, z.array(instanceId).min(1)], {
        error: "the id of an EC2 instance, or a list of ids",
      })
      .optional()
      .describe("Existing EC2 instances as the proxy; default: the stage's own proxies, see gateway:psc"),
    tls: z
      .strictObject({
        ca: pemFile.optional(),
        serverName: domainName.optional().describe("Name in the partner's certificate; default: host"),
      })
      .optional()
      .describe("How the partner's certificate is verified; default: by the authorities Amazon Linux trusts"),
    addresses: z
      .array(ipv4Range)
      .min(1)
      .optional()
      .describe(
        "Where host may be: what the stage's own proxies may call; default: host, if it is an address",
      ),
    maxBodyMb: z
      .int()
      .min(1)
      .max(10_000)
      .default(defaultMaxBodyMb)
      .describe("Largest request body in MB; API Gateway itself takes 10"),
    healthPath: z
      .string()
      .regex(/^\/[A-Za-z0-9._~/-]*$/, "a path such as /status")
      .default("/")
      .describe("Path that answers when the service is well, for the check of the partner from the proxy"),
  })
  .superRefine(({ protocol, tls }, ctx) => {
    if (protocol === "http" && tls !== undefined)
      ctx.addIssue({ code: "custom", path: ["tls"], message: "nothing next to protocol: http" });
  });

/** Of the stage's own proxies, which serve every PSC backend that names no instance. */
export const pscSchema = z
  .strictObject({
    instanceType: z
      .string()
      .regex(/^[a-z]\d+g[a-z]*\.[a-z0-9]+$/, "an instance type with an Arm processor, e.g. t4g.small")
      .default("t4g.small")
      .describe("Instance type with an Arm processor"),
    minSize: z.int().min(1).max(20).default(1).describe("Number of proxies in quiet times"),
    maxSize: z.int().min(2).max(40).default(2).describe("Number of proxies at most; more than minSize"),
    healthPort: port.default(defaultHealthPort).describe("Port of the proxies' health endpoint"),
    ca: pemFile.optional().describe("For https backends without a tls.ca of their own"),
    natAddresses: z
      .array(publicAddress)
      .min(1)
      .optional()
      .describe(
        "Public addresses of the NAT gateways, told to the partners; known when the network is made here",
      ),
    awsEndpoints: z
      .array(
        z.union([ipv4Range, z.string().regex(/^(sg|pl)-[0-9a-f]{8,17}$/)], {
          error: "an IPv4 range, a security group (sg-…) or a prefix list (pl-…)",
        }),
      )
      .min(1)
      .optional()
      .describe("Where the proxies reach AWS by HTTPS; default: anywhere"),
  })
  .superRefine(({ minSize, maxSize }, ctx) => {
    if (maxSize <= minSize)
      ctx.addIssue({
        code: "custom",
        path: ["maxSize"],
        message: `more than minSize (${minSize}): a new proxy starts before an old one ends`,
      });
  });

export type PscBackendSettings = z.infer<typeof pscBackendSchema>;
export type PscSettings = z.infer<typeof pscSchema>;
