export { type Finding, FindingsError, hasErrors, type Severity } from "../lib/finding";
export { type Adoption, type AdoptOptions, adopt } from "./adopt";
export { type CheckOptions, check } from "./check";
export {
  type Compilation,
  type CompileOptions,
  type CompileTargets,
  compile,
  type Definition,
} from "./compile";
export { diff } from "./diff";
export type { Difference } from "./diff/difference";
export { renderMarkdown, renderText, type Summary, summarize } from "./diff/render";
export { SpecDocument } from "./document";
export { type LoadIo, loadDocument, loadText, loadValue } from "./load";
export type { Change } from "./recorder";
export { type Route, routesOf } from "./routes";
export { type CompileSettings, compileSettingsSchema } from "./settings";
