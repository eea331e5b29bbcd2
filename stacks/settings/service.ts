import { z } from "zod";
import { compileSettingsSchema } from "../../openapi";
import { backendSchema } from "../backends/registry";
import { domainName, httpsUrl, port } from "./fields";
import { throttleSchema } from "./operations";

/** A function's name has at most 64 characters: `<stage>-<name>-redirect-function` and the 8 that Pulumi appends. */
export const SERVICE_NAME_MAX = 19;

/** The name and address of an API. */
const address = {
  name: z
    .string()
    .max(SERVICE_NAME_MAX)
    .regex(
      /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
      `1 to ${SERVICE_NAME_MAX} lower-case letters, digits or hyphens, starting with a letter`,
    )
    .describe("Name of the API; also the first label of its domain"),
  domain: domainName
    .optional()
    .describe("Domain name; default <name>.<stage>.<domain>, in production <name without -api>.api.<domain>"),
  basePath: z
    .string()
    .max(300)
    .regex(
      /^[A-Za-z0-9$_.+!*'()-]+(\/[A-Za-z0-9$_.+!*'()-]+)*$/,
      "path segments without a leading or trailing /, e.g. v3",
    )
    .optional()
    .describe("First path segments, for APIs that share a domain name"),
};

export const serviceSchema = z
  .strictObject({
    name: address.name,
    spec: z
      .string()
      .regex(/\.(ya?ml|json)$/, "a path to a .yaml or .json file, relative to the project folder")
      .describe("The API's OpenAPI document, without AWS extensions"),
    port: port.describe("TCP port of the service, and of its listener on the load balancer"),
    backend: backendSchema,
    domain: address.domain,
    basePath: address.basePath,
    health: z
      .string()
      .regex(/^(GET|HEAD) \/\S*$/, 'a route without parameters such as "GET /status"')
      .refine((route) => !route.includes("{"), 'a route without parameters such as "GET /status"')
      .optional()
      .describe("Public route that the keep-alive calls"),
    throttle: throttleSchema.optional().describe("Instead of gateway:throttle, for this API"),
    deployment: z
      .string()
      .regex(/^[a-z0-9]{6,12}$/, "the ID of a deployment of this API, e.g. a1b2c3")
      .optional()
      .describe("Serves an earlier deployment (rollback)"),
    ...compileSettingsSchema.shape,
  })
  .describe("One API");

export const retiredSchema = z
  .strictObject({
    ...address,
    redirectTo: httpsUrl
      .max(200)
      .describe("URL of the successor; path and query of each request are appended"),
  })
  .describe("One retired API");

export type RetiredSettings = z.infer<typeof retiredSchema>;

export type ServiceSettings = z.infer<typeof serviceSchema>;
