import { z } from "zod";
import { exactlyOne, ipv4Address, subnetId, vpcId, vpcRange } from "./fields";

export const zoneSchema = z
  .strictObject({
    subnetId: subnetId.describe("Subnet of the load balancer"),
    address: ipv4Address
      .optional()
      .describe("Fixed private IPv4 address of the load balancer; default: AWS chooses one"),
    addresses: z
      .array(ipv4Address)
      .min(1)
      .optional()
      .describe("Instead of address, one per load balancer, for stages with several"),
  })
  .describe("One availability zone");

/** The fixed addresses of a zone, one per load balancer. Undefined when AWS chooses them. */
export function addressesOf({ address, addresses }: z.infer<typeof zoneSchema>): string[] | undefined {
  return addresses ?? (address === undefined ? undefined : [address]);
}

export const networkSchema = exactlyOne(
  z.strictObject({
    vpcId: vpcId.optional().describe("Existing VPC; requires zones"),
    zones: z.array(zoneSchema).min(1).optional().describe("One entry per availability zone"),
    create: z
      .strictObject({
        cidr: vpcRange.describe("IPv4 range of the VPC"),
        zones: z.int().min(1).max(6).describe("Number of availability zones"),
      })
      .superRefine(({ cidr, zones }, ctx) => {
        // awsx divides the range by the zones, rounded up to a power of two, and each part in two; a subnet has at least
        // /28. Source: Amazon VPC user guide, "Subnet sizing".
        const longest = 28 - 1 - Math.ceil(Math.log2(zones));
        if (Number(cidr.split("/")[1]) <= longest) return;
        ctx.addIssue({
          code: "custom",
          path: ["cidr"],
          message: `a range of /${longest} or larger: ${zones} zones need ${2 * zones} subnets of at least /28`,
        });
      })
      .optional()
      .describe("Creates a VPC with a public and a private subnet per zone and one NAT gateway"),
  }),
  ["vpcId", "create"],
).describe("VPC and subnets of the load balancers");
