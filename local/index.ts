export { type ServedDefinition, type ServeDefinitionOptions, serveDefinition } from "./gateway/serve-definition";
