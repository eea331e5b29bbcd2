import { z } from "zod";
import { allowedRange, arn, domainName, securityGroupId, subnetId } from "./fields";
import { identitySchema, levelsSchema } from "./identity";
import { networkSchema } from "./network";
import { pscSchema } from "./psc";
import { retiredSchema, serviceSchema } from "./service";

/** Days that CloudWatch Logs can keep a log group. Source: CloudWatch Logs API reference, PutRetentionPolicy. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The value of an HTTP header. */
const headerText = z
  .string()
  .max(500)
  .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, "the text of a header: printable ASCII");

/** Everything under `gateway:` in one stack's configuration, as written there. */
export const settingsSchema = z.strictObject({
  domain: domainName.describe("The public Route 53 zone in which the services' names end"),
  network: networkSchema,
  allow: z
    .strictObject({
      contact: z.string().min(1).max(200).describe("Whom a blocked caller should write to"),
      addresses: z.array(allowedRange).max(10_000).describe("Ranges that may call, IPv4 and IPv6"),
    })
    .optional()
    .describe("Web ACL that admits these addresses only; required on every stage but prod"),
  identity: identitySchema,
  levels: levelsSchema,
  authorizerCacheSeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(0)
    .describe("Seconds for which API Gateway keeps an authorizer's answer; 0: not at all"),
  ownsAccount: z
    .boolean()
    .default(false)
    .describe("This stack sets the CloudWatch role of API Gateway: exactly one stack per account and region"),
  logRetentionDays: z.literal(RETENTION_DAYS).default(90).describe("Days for which logs are kept"),
  keepDeployments: z.boolean().default(true).describe("Keep replaced deployments for a roll-back"),
  protect: z
    .boolean()
    .optional()
    .describe(
      "Protect load balancers and domain names from deletion; default: true on prod, false elsewhere",
    ),
  releases: z
    .strictObject({
      oldVersionDays: z
        .int()
        .min(1)
        .max(3650)
        .default(365)
        .describe("Days for which a replaced export is kept"),
    })
    .optional()
    .describe("A bucket that keeps the export of every definition served"),
  keepAlive: z
    .strictObject({
      everyDays: z.int().min(1).max(30).default(7).describe("Days between two calls of the health routes"),
      network: z
        .strictObject({
          subnetIds: z.array(subnetId).min(1).describe("Subnets with a NAT gateway"),
          securityGroupIds: z
            .array(securityGroupId)
            .min(1)
            .describe("Security groups that let it out on port 443"),
        })
        .optional()
        .describe(
          "Where its function runs; required next to allow, which has to list the NAT gateway's address",
        ),
      alarmTopicArn: arn("sns", "", "the ARN of an SNS topic").optional().describe("Told when a call fails"),
    })
    .optional()
    .describe("Calls each service's health route, so that an unused VPC link does not go inactive"),
  psc: pscSchema
    .prefault({})
    .describe("The stage's own reverse proxies for PSC backends that name no instance"),
  tags: z
    .record(
      z
        .string()
        .min(1)
        .max(128)
        .regex(tagText)
        .regex(/^(?!aws:)/i, "a tag key that does not begin with aws:"),
      z.string().max(256).regex(tagText),
    )
    .refine((tags) => Object.keys(tags).length <= 45, "at most 45 tags; AWS takes 50")
    .optional()
    .describe("Tags of every resource"),
  cors: z
    .strictObject({
      allowOrigin: headerText.describe("Access-Control-Allow-Origin"),
      allowMethods: headerText.optional().describe("Access-Control-Allow-Methods"),
      allowHeaders: headerText.optional().describe("Access-Control-Allow-Headers"),
    })
    .optional()
    .describe(
      "CORS headers of the 404 and redirect answers; those of the gateway's own are each service's gatewayResponses.cors",
    ),
  services: z.array(serviceSchema).describe("The APIs"),
  retired: z.array(retiredSchema).default([]).describe("APIs that only redirect to their successors"),
});

export type StackConfig = z.infer<typeof settingsSchema>;
