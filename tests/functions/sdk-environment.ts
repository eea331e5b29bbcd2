/**
 * Points the AWS SDK of this process at a stand-in for Secrets Manager; the SDK reads nothing but the process's
 * own environment.
 * @returns what puts the environment back.
 */
export function useSecretsManager(url: string): () => void {
  const variables = {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
