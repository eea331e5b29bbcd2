/** Serves API Gateway definitions, and whole stacks, on localhost. */
import type * as stack from "../commands/local/serve";

export type { ServedStack, ServeOptions } from "../commands/local/serve";
export { type ServeDefinitionOptions, type ServedDefinition, serveDefinition } from "../gateway";
export { type Recording, RecordingError, record } from "../offline/recording";

/** Loaded with the first call: who serves a definition needs no stack, Nginx or Lambda runtime. */
export const serveStack: typeof stack.serveStack = (...options) =>
  (require("../commands/local/serve") as typeof stack).serveStack(...options);
