export { ImportError } from "./definition/import";
export type { Arrival } from "./exchange";
export { createGateway, type Gateway } from "./gateway";
export type {
  ApiKey,
  GatewayOptions,
  IamCredentials,
  LambdaHandler,
  MethodSettings,
  ServiceHandler,
  ServiceRequest,
  StageSettings,
  Throttle,
  WebAcl,
  WebAclAction,
  WebAclRule,
  WebAclStatement,
} from "./options";
export { type ServeDefinitionOptions, type ServedDefinition, serveDefinition } from "./serve-definition";
