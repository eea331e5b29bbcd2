/** What the user must put right. Commands print the message and no stack trace. */
export class UserError extends Error {
  override name = "UserError";
}
