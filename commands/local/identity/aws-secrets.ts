import { localSecrets, type StandInRequest, type StandInResponse } from "./stand-in";

/**
 * Secrets Manager's GetSecretValue and Systems Manager's GetParameter in AWS's JSON protocol. Every ARN holds the same
 * local secrets; other actions are refused with AWS's error for an unknown action.
 */
export function respondAsAws({ headers, body }: StandInRequest): StandInResponse {
  const target = String(headers["x-amz-target"]);
  const input = JSON.parse(body || "{}") as { SecretId?: string; Name?: string };
  const value = JSON.stringify(localSecrets);
  if (target === "secretsmanager.GetSecretValue" && input.SecretId) {
    const arn = input.SecretId;
    const name = (arn.split(":").at(6) ?? arn).replace(/-\w{6}$/, "");
    const version = { VersionId: "local", VersionStages: ["AWSCURRENT"], CreatedDate: 1735689600 };
    return { status: 200, body: { ARN: arn, Name: name, SecretString: value, ...version } };
  }
  if (target === "AmazonSSM.GetParameter" && input.Name) {
    const { Name } = input;
    return {
      status: 200,
      body: { Parameter: { ARN: Name, Name, Type: "SecureString", Value: value, Version: 1 } },
    };
  }
  return { status: 400, body: { __type: "UnknownOperationException", message: `unknown action ${target}` } };
}
