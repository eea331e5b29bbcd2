import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../../../lib/error";
import { SERVICE_NAME_MAX } from "../../../stacks/settings/service";

const arn = z.string().startsWith("arn:");

const service = z.strictObject({
  name: z
    .string()
    .max(SERVICE_NAME_MAX)
    .regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens, starting with a letter")
    .describe("Name that it will have in the settings, and of its spec's file"),
  export: z
    .string()
    .describe('File of its "OpenAPI 3 + API Gateway Extensions" export, relative to the inventory'),
  restApiId: z.string(),
  stageName: z.string(),
  deploymentId: z.string().describe("Current deployment of the stage"),
  stageVariables: z.record(z.string(), z.string()).default({}),
  port: z.int().min(1).max(65535).describe("Port of its listener"),
  instances: z.array(z.string()).min(1).describe("EC2 instances of its target group"),
  listenerArn: arn.optional(),
  targetGroupArn: arn.optional(),
  domainName: z.string(),
  basePath: z.string().optional(),
  mappingId: z.string().optional().describe("Id of its API mapping (apigatewayv2 get-api-mappings)"),
  certificateArn: arn.optional(),
  recordId: z
    .string()
    .optional()
    .describe("ZONE_NAME_TYPE of the domain's record, e.g. Z1_api.example.org_CNAME"),
});

const named = z.strictObject({ id: z.string(), name: z.string() });

/** One stage of an existing gateway. Blocks that AWS does not have (`identity`, `levels`, `allow`) are as in the settings. */
const inventorySchema = z.strictObject({
  stack: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,15}$/)
    .describe("Stack that will own it"),
  region: z.string(),
  domain: z.string().describe("Zone in which the domain names end"),
  vpcId: z.string(),
  zones: z.array(z.strictObject({ subnetId: z.string(), address: z.string().optional() })).min(1),
  loadBalancer: z.strictObject({
    arn,
    dnsName: z.string(),
    securityGroups: z.array(z.string()).describe("Empty when it has none"),
  }),
  vpcLinkId: z.string(),
  webAcl: z
    .strictObject({ id: z.string(), name: z.string(), ipv4: named.optional(), ipv6: named.optional() })
    .optional(),
  identity: z.record(z.string(), z.unknown()),
  levels: z.record(z.string(), z.unknown()),
  allow: z.record(z.string(), z.unknown()).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  services: z.array(service).min(1),
});

export type Inventory = z.infer<typeof inventorySchema>;
export type InventoryService = Inventory["services"][number];

/** @throws UserError with every invalid key */
export function readInventory(file: string): Inventory {
  if (!existsSync(file)) throw new UserError(`There is no ${file}.`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`${file} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = inventorySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `  ${path.join(".") || "the file"}: ${message}`,
  );
  throw new UserError(
    `${file} does not describe a gateway (docs/adopt.md has the shape):\n${problems.join("\n")}`,
  );
}
