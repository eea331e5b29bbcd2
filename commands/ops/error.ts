import { UserError } from "../../lib/error";

/** AWS's answer in the operator's terms; anything unforeseen keeps its own words. */
export function explain(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (!(error instanceof Error)) return String(error);
  switch (error.name) {
    case "CredentialsProviderError":
      return "No AWS credentials were found. Sign in (aws sso login) or set AWS_PROFILE, then run this again.";
    case "ExpiredTokenException":
    case "ExpiredToken":
      return "The AWS credentials have expired. Sign in again (aws sso login).";
    case "AccessDeniedException":
    case "AccessDenied":
    case "UnauthorizedException":
      return `AWS refused: ${error.message}. docs/state-and-secrets.md has the policy this needs.`;
    case "NoSuchBucket":
      return `${error.message}. Is this the bucket of another account or stack?`;
    case "TooManyRequestsException":
      return "AWS limits how often this may be called; wait a minute and run it again.";
    default:
      return error.message || error.name;
  }
}
