/** Ends a command with its message. Where the error came from is shown on request only: DEBUG=1. */
export function stop(error: unknown): never {
  const text = error instanceof Error ? error.message : String(error);
  console.error(process.env.DEBUG && error instanceof Error ? error.stack : text);
  process.exit(1);
}

// `npm run plan | head` closes the pipe early: whoever reads has had enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(process.exitCode ?? 0);
});
