import { z } from "zod";

/** "GET /entities/{id}"; ANY stands for every method that the resource does not define. */
const operation = z
  .string()
  .regex(/^(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|ANY) \/\S*$/, 'has to read like "GET /entities/{id}"');
const level = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, "has to be `public` or the name of an access level");
const backendPath = z.string().regex(/^\/\S*$/, "has to be a path that begins with /");
/** "50 - 29,000 milliseconds … You can raise the integration timeout to greater than 29,000 ms for Regional and
 * private APIs": https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const timeout = z.int().min(50).max(300_000);
const verbatim = z.record(z.string(), z.unknown());

/**
 * The compile part of one service's settings: what a plain spec can't say about its gateway. Everything has a default.
 */
export const compileSettingsSchema = z.strictObject({
  access: z
    .strictObject({
      default: level
        .optional()
        .describe("Access of every operation that nothing else speaks of; default read"),
      rules: z
        .record(operation, level)
        .optional()
        .describe("Access of single operations; wins over the spec"),
      schemes: z
        .record(z.string(), level)
        .optional()
        .describe("The access level that a security scheme of the spec means"),
    })
    .optional()
    .describe("Who may call: `public`, or an access level"),
  backendPaths: z
    .record(operation, backendPath)
    .optional()
    .describe("The backend's path of an operation, where it is not the API's"),
  trailingSlash: z.boolean().optional().describe("Every backend path ends in / (Django); default false"),
  timeoutMs: z
    .strictObject({
      default: timeout.optional().describe("Milliseconds until the gateway gives up; AWS's default 29000"),
      rules: z.record(operation, timeout).optional(),
    })
    .optional(),
  options: z
    .union([z.boolean(), z.strictObject({ except: z.array(backendPath) })])
    .optional()
    .describe("Whether every path gets an OPTIONS method without authorizer; default true"),
  catchAll: z
    .union([z.boolean(), z.strictObject({ uri: z.string() })])
    .optional()
    .describe(
      "Whether undefined paths and methods are answered with the 404 function; default true. " +
        "uri: the function of an adopted gateway, used where the program gives none",
    ),
  gatewayResponses: z
    .strictObject({
      cors: z
        .union([
          z.boolean(),
          z.strictObject({
            origin: z.string().optional(),
            methods: z.string().optional(),
            headers: z.string().optional(),
          }),
        ])
        .optional()
        .describe("CORS headers on the answers that the gateway gives itself; default false"),
      definitions: z
        .record(z.string(), verbatim)
        .optional()
        .describe("All the gateway responses, verbatim, in place of this gateway's own"),
    })
    .optional(),
  validate: z
    .enum(["none", "params", "body", "both"])
    .optional()
    .describe("What the gateway itself checks of a request; default none"),
  quotas: z
    .strictObject({ resources: z.int().min(1).optional().describe("Resources per API; AWS's default 300") })
    .optional()
    .describe("Quotas that were raised for the accounts of this API"),
  models: z.boolean().optional().describe("Whether schemas become API Gateway models; default true"),
  authorizers: z
    .record(z.string(), z.strictObject({ level: level.optional(), definition: verbatim }))
    .optional()
    .describe("Security schemes kept verbatim from an adopted gateway, by name"),
  integrations: z
    .record(operation, verbatim)
    .optional()
    .describe("Laid over the integration made for an operation; replaces it where `type` is given"),
  methods: z
    .record(operation, verbatim)
    .optional()
    .describe("Whole methods that a plain spec can't hold, verbatim"),
  extensions: z
    .strictObject({
      root: verbatim.optional().describe("x-amazon-apigateway-* of the document"),
      operations: z.record(operation, verbatim).optional().describe("x-amazon-apigateway-* of operations"),
    })
    .optional(),
});

export type CompileSettings = z.output<typeof compileSettingsSchema>;
export type GatewayResponseSettings = NonNullable<CompileSettings["gatewayResponses"]>;
