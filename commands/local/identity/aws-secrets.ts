import type { Answer, Request } from "./server";

/**
 * Secrets Manager's GetSecretValue and Systems Manager's GetParameter in AWS's JSON protocol: every ARN holds the
 * same local secrets. Other actions are refused as AWS refuses unknown ones.
 */
export function awsAnswer({ headers, body }: Request, secret: string): Answer {
  const target = String(headers["x-amz-target"]);
  const input = JSON.parse(body || "{}") as { SecretId?: string; Name?: string };
  if (target === "secretsmanager.GetSecretValue" && input.SecretId) {
    const arn = input.SecretId;
    const name = (arn.split(":").at(6) ?? arn).replace(/-\w{6}$/, "");
    return {
      status: 200,
      body: {
        ARN: arn,
        Name: name,
        SecretString: secret,
        VersionId: "local",
        VersionStages: ["AWSCURRENT"],
        CreatedDate: 1735689600,
      },
    };
  }
  if (target === "AmazonSSM.GetParameter" && input.Name) {
    return {
      status: 200,
      body: {
        Parameter: { ARN: input.Name, Name: input.Name, Type: "SecureString", Value: secret, Version: 1 },
      },
    };
  }
  return { status: 400, body: { __type: "UnknownOperationException", message: `no ${target} here` } };
}
