import { z } from "zod";
import { arn } from "./fields";

export const topicArn = arn("sns", "", "the ARN of an SNS topic");

/** Requests per second and burst of one API. Sources: API Gateway developer guide, "Throttle requests to your REST APIs". */
const limits = z.strictObject({
  rate: z.number().min(1).max(1_000_000).describe("Requests per second"),
  burst: z.int().min(1).max(1_000_000).describe("Requests at once"),
});

export const throttleSchema = z.union([limits, z.literal(false)], { error: "rate and burst, or false" });

export type Throttle = z.infer<typeof limits>;

/** A fifth of the account's default of 10,000 requests per second, which all APIs of a region share. */
export const PRODUCTION_THROTTLE: Throttle = { rate: 2000, burst: 1000 };

export const authorizersSchema = z.strictObject({
  reservedConcurrency: z
    .int()
    .min(1)
    .max(1000)
    .describe("Reserved concurrency of each authorizer, deducted from the account's"),
});

export const alarmsSchema = z.strictObject({
  topicArn: topicArn.describe("SNS topic that all alarms notify"),
});
