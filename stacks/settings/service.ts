import { z } from "zod";
import { compileSettingsSchema } from "../../openapi";
import { domainName, exactlyOne, httpsUrl, instanceId, port } from "./fields";
import { pscBackendSchema } from "./psc";

/** Longest service name: AWS takes 32 characters for a target group, `<name>-tg-2` and the 8 that Pulumi adds. */
export const SERVICE_NAME_MAX = 19;

/** What an API is called and where it is found. */
const address = {
  name: z
    .string()
    .max(SERVICE_NAME_MAX)
    .regex(
      /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
      `up to ${SERVICE_NAME_MAX} of a-z, 0-9 and -, beginning with a letter`,
    )
    .describe("Name of the API; also the first label of its domain"),
  domain: domainName
    .optional()
    .describe("Domain name; default <name>.<stage>.<domain>, in prod <label>.api.<domain>"),
  basePath: z
    .string()
    .max(300)
    .regex(
      /^[A-Za-z0-9$_.+!*'()-]+(\/[A-Za-z0-9$_.+!*'()-]+)*$/,
      "path segments without a first or last /, e.g. v3",
    )
    .optional()
    .describe("First path segments, when APIs share a domain"),
};

export const serviceSchema = z
  .strictObject({
    name: address.name,
    spec: z
      .string()
      .regex(/\.(ya?ml|json)$/, "a path to a .yaml or .json file, relative to the project's folder")
      .describe("The team's plain OpenAPI document"),
    port: port.describe("TCP port of the service, and of its listener on the load balancer"),
    backend: exactlyOne(
      z.strictObject({
        instances: z
          .array(instanceId)
          .min(1)
          .optional()
          .describe("EC2 instances that run the service on its port"),
        psc: pscBackendSchema.optional().describe("A virtual machine at PSC behind an Nginx proxy"),
      }),
      "instances",
      "psc",
    ).describe("Where the service runs"),
    domain: address.domain,
    basePath: address.basePath,
    health: z
      .string()
      .regex(/^(GET|HEAD) \/\S*$/, 'a route without parameters such as "GET /status"')
      .refine((route) => !route.includes("{"), 'a route without parameters such as "GET /status"')
      .optional()
      .describe("A public route that the keep-alive calls"),
    deployment: z
      .string()
      .regex(/^[a-z0-9]{6,12}$/, "the id of a deployment of this API, e.g. a1b2c3")
      .optional()
      .describe("Pins the API to an earlier deployment (roll-back)"),
    ...compileSettingsSchema.shape,
  })
  .describe("One API");

export const retiredSchema = z
  .strictObject({
    ...address,
    redirectTo: httpsUrl.max(200).describe("The successor; path and query of each request are appended"),
  })
  .describe("One retired API");

export type RetiredSettings = z.infer<typeof retiredSchema>;

export type ServiceSettings = z.infer<typeof serviceSchema>;
