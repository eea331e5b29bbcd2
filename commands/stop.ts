import { UserError } from "../lib/error";

/** Ends a command with the error's message; DEBUG=1 shows where the error came from. */
export function stop(error: unknown): never {
  console.error(process.env.DEBUG && error instanceof Error ? error.stack : explain(error));
  process.exit(1);
}

/** AWS's and Node.js's errors in the user's terms; any other error keeps its message. */
export function explain(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  const { code, path, hostname } = error as NodeJS.ErrnoException & { hostname?: string };
  switch (code ?? name) {
    case "CredentialsProviderError":
      return "No AWS credentials were found. Sign in (aws sso login) or set AWS_PROFILE, then run this again.";
    case "ExpiredTokenException":
    case "ExpiredToken":
      return "The AWS credentials have expired. Sign in again (aws sso login).";
    case "AccessDeniedException":
    case "AccessDenied":
    case "UnauthorizedException":
      return `AWS denied access: ${message}. docs/state-and-secrets.md has the policy that this needs.`;
    case "NoSuchBucket":
      return `${message}. Is this the bucket of another account or stack?`;
    case "TooManyRequestsException":
      return "AWS throttled the calls. Wait a minute and run it again.";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${hostname ?? "The server"} was not found. Check the network, and aws:region in the settings.`;
    case "EACCES":
    case "EROFS":
      return `${path ?? message} cannot be written. dist/ and the output folders must be writable: use a checkout that you own.`;
    default:
      return message || name;
  }
}

// `npm run plan | head` closes the pipe early, which is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(process.exitCode ?? 0);
});
