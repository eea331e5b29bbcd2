import { z } from "zod";
import { raisable } from "../../lib/quotas";
import { pscSchema } from "../backends/psc/schema";
import { allowedRange, domainName, securityGroupId, subnetId } from "./fields";
import { identitySchema, levelsSchema } from "./identity";
import { networkSchema } from "./network";
import { alarmsSchema, authorizersSchema, PRODUCTION_THROTTLE, throttleSchema, topicArn } from "./operations";
import { retiredSchema, serviceSchema } from "./service";

/** Retention periods of a log group. Source: CloudWatch Logs API reference, PutRetentionPolicy. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The value of an HTTP header. */
const headerText = z
  .string()
  .max(500)
  .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, "a header value: printable ASCII");

/** The `gateway:` keys of a stack's configuration. */
export const settingsSchema = z.strictObject({
  domain: domainName.describe("Public Route 53 zone; the services' domain names end in it"),
  network: networkSchema,
  allow: z
    .strictObject({
      contact: z.string().min(1).max(200).describe("Contact in the 403 response"),
      addresses: z.array(allowedRange).max(10_000).describe("CIDR ranges that may call, IPv4 and IPv6"),
    })
    .optional()
    .describe("Web ACL that only allows these addresses; required unless the stage is production"),
  identity: identitySchema,
  levels: levelsSchema,
  authorizerCacheSeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(0)
    .describe("Seconds for which API Gateway caches an authorizer's policy; 0: no cache"),
  ownsAccount: z
    .boolean()
    .default(false)
    .describe("This stack sets API Gateway's CloudWatch role; exactly one stack per account and region"),
  permissionsBoundary: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:iam::\d{12}:policy\/\S+$/,
      "the ARN of a managed policy of the account, e.g. arn:aws:iam::123456789012:policy/gateway-boundary",
    )
    .optional()
    .describe("Permissions boundary of every IAM role, which limits what the deploy role can grant"),
  quotas: z
    .strictObject(
      Object.fromEntries(
        Object.entries(raisable).map(([name, text]) => [name, z.int().min(1).optional().describe(text)]),
      ),
    )
    .optional()
    .describe("AWS quotas that were raised for this account, for `npm run plan`"),
  logRetentionDays: z.literal(RETENTION_DAYS).default(90).describe("Retention of the logs, in days"),
  keepDeployments: z.boolean().default(true).describe("Keep replaced deployments for a rollback"),
  targetWaitMinutes: z
    .int()
    .min(0)
    .max(60)
    .default(15)
    .describe(
      "Minutes for which an update waits for healthy targets before it moves callers to them; 0: does not wait",
    ),
  production: z
    .boolean()
    .optional()
    .describe("Open to everybody, domain names without the stage; default: true on the stack called prod"),
  throttle: throttleSchema
    .optional()
    .describe(
      `Requests that each API accepts; default in production: rate ${PRODUCTION_THROTTLE.rate}, burst ${PRODUCTION_THROTTLE.burst}; false or otherwise: only the account's limit`,
    ),
  // Source: AWS WAF API reference, RateBasedStatement, Limit: 10 to 2,000,000,000.
  rateLimit: z
    .int()
    .min(10)
    .max(2_000_000_000)
    .optional()
    .describe("Requests in 5 minutes from one address, above which WAF answers 429; default: unlimited"),
  authorizers: authorizersSchema.optional().describe("Limits of the authorizer functions"),
  alarms: alarmsSchema
    .optional()
    .describe("Alarms on 5xx responses, unhealthy backends and authorizers, also of the keep-alive"),
  protect: z
    .boolean()
    .optional()
    .describe(
      "Protect load balancers, and domain names with their records and mappings, from deletion; default: true in production, otherwise false",
    ),
  releases: z
    .strictObject({
      oldVersionDays: z
        .int()
        .min(1)
        .max(3650)
        .default(365)
        .describe("Retention of replaced exports, in days"),
    })
    .optional()
    .describe("Bucket for the export of each definition that was served"),
  keepAlive: z
    .strictObject({
      everyDays: z.int().min(1).max(30).default(7).describe("Days between calls"),
      network: z
        .strictObject({
          subnetIds: z.array(subnetId).min(1).describe("Subnets with a NAT gateway"),
          securityGroupIds: z
            .array(securityGroupId)
            .min(1)
            .describe("Security groups that allow egress on port 443"),
        })
        .optional()
        .describe("Where its function runs; required with allow, which must list the NAT gateway's address"),
      alarmTopicArn: topicArn.optional().describe("Notified when a call fails; default: alarms.topicArn"),
    })
    .optional()
    .describe("Calls each service's health route, so that an unused VPC link stays active"),
  psc: pscSchema
    .prefault({})
    .describe("Reverse proxies that the stage manages, for PSC backends without proxy"),
  tags: z
    .record(
      z
        .string()
        .min(1)
        .max(128)
        .regex(tagText)
        .regex(/^(?!aws:)/i, "a tag key that does not start with aws:"),
      z.string().max(256).regex(tagText),
    )
    .refine((tags) => Object.keys(tags).length <= 45, "at most 45 tags; AWS allows 50")
    .optional()
    .describe("Tags for all resources"),
  cors: z
    .strictObject({
      allowOrigin: headerText.describe("Access-Control-Allow-Origin"),
      allowMethods: headerText.optional().describe("Access-Control-Allow-Methods"),
      allowHeaders: headerText.optional().describe("Access-Control-Allow-Headers"),
    })
    .optional()
    .describe(
      "CORS headers of every response that is not a backend's: the 404 and redirect responses, and API Gateway's own, such as 401 and 403, unless a service sets gatewayResponses.cors",
    ),
  services: z.array(serviceSchema).describe("The APIs"),
  retired: z.array(retiredSchema).default([]).describe("APIs that only redirect to their successors"),
});

export type StackConfig = z.infer<typeof settingsSchema>;
