/**
 * Points the AWS SDK of this process at a stand-in for Secrets Manager; the SDK reads nothing but the process's
 * own environment.
 * @returns what puts the environment back.
 */
export function useSecretsManager(url: string): () => void {
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  return () => {
    process.env = before;
  };
}
