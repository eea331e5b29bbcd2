/** Serves API Gateway definitions, and whole stacks, on localhost. */
import type * as stack from "./serve";

export { type ServeDefinitionOptions, type ServedDefinition, serveDefinition } from "./gateway";
export { type Recording, RecordingError, record } from "./recording";
export type { ServedStack, ServeOptions } from "./serve";

/** Loaded with the first call: who serves a definition needs no stack, Nginx or Lambda runtime. */
export const serveStack: typeof stack.serveStack = (...options) =>
  (require("./serve") as typeof stack).serveStack(...options);
