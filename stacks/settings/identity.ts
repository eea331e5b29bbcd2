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
        clientId: z.string().min(1).describe("Client id of the application at Globus Auth"),
        secretArn: secretArn.describe("Where the client secret is kept"),
        secretKeyArn: secretKeyArn
          .optional()
          .describe("Customer-managed KMS key that encrypts it; default: AWS's own"),
        introspectUrl: httpsUrl.optional().describe("Token introspection endpoint; default Globus Auth's"),
        groupsUrl: httpsUrl.optional().describe("Groups endpoint; default Globus Groups'"),
      })
      .optional()
      .describe("Globus Auth: token introspection and Globus Groups"),
    jwt: z
      .strictObject({
        issuer: httpsUrl.describe("Expected `iss` of a token"),
        audience: z.string().min(1).describe("Expected `aud` of a token"),
        jwksUrl: httpsUrl.optional().describe("Signing keys; default: found from the issuer"),
        scopes: z.array(z.string().min(1)).optional().describe("Scopes a token must all have"),
        secretArn: secretArn.optional().describe("Where the process secret is kept; default: there is none"),
        secretKeyArn: secretKeyArn
          .optional()
          .describe("Customer-managed KMS key that encrypts it; default: AWS's own"),
        groupsClaim: z.string().min(1).optional().describe("Claim that lists the holder's groups"),
      })
      .optional()
      .describe("Signed tokens of any OpenID provider"),
  }),
  "globus",
  "jwt",
).describe("Who vouches for callers");

/** A level's name becomes part of a function name and of an authorizer name: `<level>-authorizer`. */
export const levelName = z
  .string()
  .regex(/^(?!public$)[a-z][a-z0-9-]{0,22}[a-z0-9]$/, "a level's name: 2 to 24 of a-z, 0-9, -; not public");

export const levelsSchema = z
  .record(
    levelName,
    z.strictObject({
      groups: z.array(z.string().min(1)).describe("Ids of the groups whose members hold this level"),
      includes: z.array(z.string()).optional().describe("Levels whose holders hold this one too"),
      message: z.string().min(1).max(300).optional().describe("Hint in the 403 answer"),
    }),
  )
  .describe("Access levels and the groups that hold them");
