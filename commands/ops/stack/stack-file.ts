import { readFileSync } from "node:fs";
import { type Document, isMap, isSeq, parseDocument, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { UserError } from "../../../lib/error";
import { didYouMean } from "../../../lib/nearest";
import { stackFileName, stackFilePath, stacksIn } from "../../../offline/recording/stack-file";

/** A `Pulumi.<stack>.yaml`: its text and its parsed document with positions. */
export interface StackFile {
  stack: string;
  path: string;
  /** As on disk. */
  text: string;
  document: Document;
}

/** @throws UserError when it does not exist or is not YAML */
export function readStackFile(root: string, stack: string): StackFile {
  const path = stackFilePath(root, stack);
  return parseStackFile(stack, path, readFileSync(path, "utf8"));
}

/** For a text that is not on disk yet. */
export function parseStackFile(stack: string, path: string, text: string): StackFile {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new UserError(`${stackFileName(stack)}: ${error.message}`);
  return { stack, path, text, document };
}

const SERVICES = ["config", "gateway:services"];

/** The list of services. @throws UserError when the file has no list */
export function servicesOf({ document, stack }: StackFile): YAMLSeq {
  const services = document.getIn(SERVICES);
  if (!isSeq(services))
    throw new UserError(`${stackFileName(stack)} has no list under config → gateway:services.`);
  return services;
}

export function serviceNames(file: StackFile): string[] {
  return servicesOf(file).items.flatMap((item) => (isMap(item) ? String(item.get("name")) : []));
}

export function findService(file: StackFile, name: string): YAMLMap | undefined {
  return servicesOf(file).items.find((item): item is YAMLMap => isMap(item) && item.get("name") === name);
}

/** @throws UserError with the services that the file has */
export function requireService(file: StackFile, name: string): YAMLMap {
  const service = findService(file, name);
  if (service) return service;
  throw new UserError(
    `${stackFileName(file.stack)} has no service ${name}.${didYouMean(name, serviceNames(file))} Its services: ${serviceNames(file).join(", ") || "none"}.`,
  );
}

/** AWS region of a stack. @throws UserError when the file does not set it */
export function regionOf({ document, stack }: StackFile): string {
  const region = document.getIn(["config", "aws:region"]);
  if (typeof region === "string") return region;
  throw new UserError(`${stackFileName(stack)} does not set aws:region.`);
}

const sourceOf = ({ source, value }: Scalar) => source ?? String(value);

/** Deployment ids that any stack's settings pin a service to. */
export function pinnedDeployments(root: string, service: string): string[] {
  return stacksIn(root).flatMap((stack) => {
    const file = readStackFile(root, stack);
    const pinned = isSeq(file.document.getIn(SERVICES))
      ? findService(file, service)?.get("deployment", true)
      : undefined;
    // Without quotes YAML reads an id such as 123456 or 12e456 as a number; the source text has the id.
    return pinned === undefined || pinned === null ? [] : [sourceOf(pinned)];
  });
}
