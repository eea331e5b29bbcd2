/** Serves API Gateway definitions, and whole stacks, on localhost. */
export { type ServeDefinitionOptions, type ServedDefinition, serveDefinition } from "./gateway";
export { type Recording, RecordingError, record } from "./recording";
export { type ServedStack, type ServeOptions, serveStack } from "./serve";
