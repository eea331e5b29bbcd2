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
/** The definition holds it between single quotes, which it therefore cannot contain. */
const corsOrigin = z
  .string()
  .regex(/^(\*|null|https?:\/\/[^\s/'"?#]+)$/, "* or an origin such as https://app.example.org");
const corsNames = z.string().regex(/^[\w*-]+(,\s*[\w*-]+)*$/, "names separated by commas, or *");
const verbatim = z.record(z.string(), z.unknown());

/**
 * The compile part of one service's settings: what a plain spec can't say about its gateway. Everything has a default.
 */
export const compileSettingsSchema = z.strictObject({
  access: z
    .strictObject({
      default: level
        .optional()
        .describe("Access of every operation that no rule and no `security` covers; default read"),
      rules: z
        .record(operation, level)
        .optional()
        .describe("Access of single operations; overrides the spec"),
      schemes: z
        .record(z.string(), level)
        .optional()
        .describe("The access level of each security scheme of the spec, by name"),
    })
    .optional()
    .describe("Who may call: `public`, or an access level"),
  backendPaths: z
    .record(operation, backendPath)
    .optional()
    .describe("The backend's path of an operation, where it differs from the API's"),
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
      "Whether the 404 function answers undefined paths and methods; default true. " +
        "uri: the function of an adopted gateway, used where the program has none",
    ),
  gatewayResponses: z
    .strictObject({
      cors: z
        .union([
          z.boolean(),
          z.strictObject({
            origin: corsOrigin.optional().describe("Access-Control-Allow-Origin; default *"),
            methods: corsNames.optional().describe("Access-Control-Allow-Methods"),
            headers: corsNames.optional().describe("Access-Control-Allow-Headers"),
          }),
        ])
        .optional()
        .describe("CORS headers on API Gateway's own responses, such as 401 and 403; default false"),
      definitions: z
        .record(z.string(), verbatim)
        .optional()
        .describe("All gateway responses, verbatim, instead of the program's"),
    })
    .optional(),
  validate: z
    .enum(["none", "params", "body", "both"])
    .optional()
    .describe("What API Gateway validates in a request; default none"),
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
    .describe("Merged over the integration of an operation; replaces it where `type` is given"),
  methods: z
    .record(operation, verbatim)
    .optional()
    .describe("Whole methods that a plain spec cannot express, verbatim"),
  extensions: z
    .strictObject({
      root: verbatim.optional().describe("x-amazon-apigateway-* of the document"),
      operations: z.record(operation, verbatim).optional().describe("x-amazon-apigateway-* of operations"),
    })
    .optional(),
});

export type CompileSettings = z.output<typeof compileSettingsSchema>;
export type GatewayResponseSettings = NonNullable<CompileSettings["gatewayResponses"]>;
