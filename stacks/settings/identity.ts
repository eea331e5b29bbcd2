import { z } from "zod";
import { arn, exactlyOne, httpsUrl } from "./fields";

const secretArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:|ssm:[a-z0-9-]+:\d{12}:parameter\/)[\w/+=.@-]+$/,
    "the ARN, never the value, of a Secrets Manager secret or an SSM parameter, e.g. arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-AbCdEf",
  );

const secretKeyArn = arn("kms", "key/", "the ARN of a KMS key");

export const identitySchema = exactlyOne(
  z.strictObject({
    globus: z
      .strictObject({
        clientId: z.string().min(1).describe("Client ID of the application at Globus Auth"),
        secretArn: secretArn.describe("ARN of the secret with the client secret"),
        secretKeyArn: secretKeyArn
          .optional()
          .describe("Customer managed KMS key that encrypts it; default: the AWS managed key"),
        introspectUrl: httpsUrl.optional().describe("Token introspection endpoint; default: Globus Auth"),
        groupsUrl: httpsUrl.optional().describe("Groups endpoint; default: Globus Groups"),
      })
      .optional()
      .describe("Globus Auth: token introspection and Globus Groups"),
    jwt: z
      .strictObject({
        issuer: httpsUrl.describe("Required `iss` of a token"),
        audience: z.string().min(1).describe("Required `aud` of a token"),
        jwksUrl: httpsUrl
          .optional()
          .describe("URL of the signing keys; default: <issuer>/.well-known/jwks.json"),
        scopes: z.array(z.string().min(1)).optional().describe("Scopes that a token must have, all of them"),
        secretArn: secretArn.optional().describe("ARN of the secret with the process secret; default: none"),
        secretKeyArn: secretKeyArn
          .optional()
          .describe("Customer managed KMS key that encrypts it; default: the AWS managed key"),
        groupsClaim: z.string().min(1).optional().describe("Claim with the caller's groups; default: groups"),
      })
      .optional()
      .describe("Signed tokens of any OpenID Connect provider"),
  }),
  ["globus", "jwt"],
).describe("Identity provider");

/** Part of the names of a function and an authorizer, `<level>-authorizer`. */
export const levelName = z
  .string()
  .regex(
    /^(?!public$)[a-z][a-z0-9-]{0,22}[a-z0-9]$/,
    "a level name: 2 to 24 lower-case letters, digits or hyphens, starting with a letter; not public",
  );

export const levelsSchema = z
  .record(
    levelName,
    z.strictObject({
      groups: z.array(z.string().min(1)).describe("IDs of the groups whose members have this level"),
      includes: z.array(z.string()).optional().describe("Levels whose members have this level too"),
      message: z.string().min(1).max(300).optional().describe("Hint in the 403 response"),
    }),
  )
  .describe("Access levels and their groups");
