import { z } from "zod";
import { exactlyOne, ipv4Address, subnetId, vpcId, vpcRange } from "./fields";

export const zoneSchema = z
  .strictObject({
    subnetId: subnetId.describe("Subnet of the load balancer in this availability zone"),
    address: ipv4Address
      .optional()
      .describe("Fixed private IPv4 address of the load balancer there; looked up when absent"),
    addresses: z
      .array(ipv4Address)
      .min(1)
      .optional()
      .describe("In place of address: one per load balancer, for a stage that needs more than one"),
  })
  .describe("One availability zone");

/** The fixed addresses of a zone, one per load balancer; undefined: AWS chooses them. */
export function addressesOf({ address, addresses }: z.infer<typeof zoneSchema>): string[] | undefined {
  return addresses ?? (address === undefined ? undefined : [address]);
}

export const networkSchema = exactlyOne(
  z.strictObject({
    vpcId: vpcId.optional().describe("An existing VPC; needs zones"),
    zones: z.array(zoneSchema).min(1).optional().describe("One entry per availability zone"),
    create: z
      .strictObject({
        cidr: vpcRange.describe("IPv4 range of the new VPC"),
        zones: z.int().min(1).max(6).describe("Number of availability zones"),
      })
      .optional()
      .describe("Make a VPC with a public and a private subnet per zone and one NAT gateway"),
  }),
  "vpcId",
  "create",
).describe("Where the load balancer lives");

export type NetworkSettings = z.infer<typeof networkSchema>;
