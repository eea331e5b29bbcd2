export { setHost, toOriginForm } from "./origin-form";
export { ImportError } from "./rest-api/definition/import";
export type { Ingress } from "./rest-api/exchange";
export { createGateway, type Gateway } from "./rest-api/gateway";
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
} from "./rest-api/options";
export { type ServeDefinitionOptions, type ServedDefinition, serveDefinition } from "./serve-definition";
