export { type RenderedConfiguration, renderConfiguration } from "./config";
export * from "./configuration";
export { certificates, configurationFindings } from "./validate";
