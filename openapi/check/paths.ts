import { ownObject } from "../../lib/json";
import { pathItems, type SpecDocument } from "../document";
import { type Operation, operationName } from "../operations";
import { parsePath, type Segment } from "../path-template";
import { countResources } from "../resource-count";
import type { Report } from "./report";

class Node {
  readonly literals = new Map<string, Node>();
  variable: { text: string; node: Node; template: string } | undefined;
}

/** What concerns the paths: segments, variables, the number of resources. */
export function checkPaths(
  document: SpecDocument,
  operations: readonly Operation[],
  report: Report,
  quota: number,
): void {
  const root = new Node();
  const templates = Object.keys(ownObject(document.root, "paths") ?? {}).filter(
    (key) => !key.startsWith("x-"),
  );
  for (const template of templates) {
    const path = ["paths", template];
    if (!template.startsWith("/")) report.add("path-start", path, `The path is "${template}".`);
    const { segments, trailingSlash } = parsePath(template);
    if (trailingSlash) report.add("trailing-slash", path, `The path ${template} ends in a slash.`);
    checkSegments(segments, template, report);
    if (segments.length === 1 && /^s?ping$/.test(segments[0]?.text ?? "")) {
      report.add("reserved-path", path, `The path is ${template}.`);
    }
    grow(root, segments, template, report);
  }
  const resources = countResources(templates);
  if (resources > quota) report.add("resource-quota", ["paths"], `The paths make ${resources} resources.`);
  checkDuplicates(document, operations, report);
}

function checkSegments(segments: readonly Segment[], template: string, report: Report): void {
  const path = ["paths", template];
  for (const [index, { text, kind }] of segments.entries()) {
    if (kind === "greedy" && index < segments.length - 1) {
      report.add("greedy-child", path, `${template} goes on after ${text}.`);
    }
    if (kind !== "invalid") continue;
    const id = /^\{[^{}]*[A-Za-z0-9][^{}]*\}$/.test(text)
      ? "path-variable-name"
      : /[{}]/.test(text)
        ? "partial-variable"
        : "path-segment";
    report.add(id, path, `${template} has the segment "${text}".`);
  }
}

function grow(root: Node, segments: readonly Segment[], template: string, report: Report): void {
  let node = root;
  for (const { text, kind } of segments) {
    if (kind === "variable" || kind === "greedy") {
      const there = node.variable;
      if (!there) {
        node.variable = { text, node: new Node(), template };
      } else if (there.text !== text) {
        const id = there.text.endsWith("+}") || text.endsWith("+}") ? "sibling-greedy" : "sibling-variable";
        report.add(
          id,
          ["paths", template],
          `${text} in ${template} stands where ${there.template} has ${there.text}.`,
        );
      }
      node = (node.variable as { node: Node }).node;
    } else {
      let literal = node.literals.get(text);
      if (!literal) {
        literal = new Node();
        node.literals.set(text, literal);
      }
      node = literal;
    }
  }
}

function checkDuplicates(document: SpecDocument, operations: readonly Operation[], report: Report): void {
  const seen = new Map<string, string>();
  const shapes = new Map(
    pathItems(document).map(([template]) => [
      template,
      parsePath(template)
        .segments.map(({ text, kind }) => (kind === "variable" || kind === "greedy" ? "{}" : text))
        .join("/"),
    ]),
  );
  for (const operation of operations) {
    const id = `${operation.method} ${shapes.get(operation.template)}`;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, operationName(operation));
    else report.add("duplicate-path", operation.path, `There are ${first} and ${operationName(operation)}.`);
  }
}
