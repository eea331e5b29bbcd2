import { UserError } from "../../../lib/error";

/**
 * This process's AWS credentials, for a function that calls the real identity provider.
 * @throws UserError when the function reads a secret and there are none
 */
export function credentialsFor(functionEnvironment: Record<string, string>): Record<string, string> {
  const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
  const found = names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  if (found.length === 0 && functionEnvironment.SECRET_ARN !== undefined) {
    throw new UserError(
      `The function reads ${functionEnvironment.SECRET_ARN}, but the environment has no AWS credentials.\n` +
        'To export them with the AWS CLI: eval "$(aws configure export-credentials --format env)"',
    );
  }
  return Object.fromEntries(found);
}
