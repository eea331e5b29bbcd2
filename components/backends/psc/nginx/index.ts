export { renderConfiguration } from "./config";
export * from "./configuration";
export { certificates } from "./validate";
