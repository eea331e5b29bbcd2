export { type RenderedConfiguration, renderConfiguration } from "./config";
export * from "./configuration";
export { ConfigurationError, certificates, configurationProblems } from "./validate";
