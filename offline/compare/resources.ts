import { isDeepStrictEqual } from "node:util";
import type { PlannedResource } from "../plan";
import { replacedBy } from "./replacements";

export type ComparedResource = PlannedResource;

/** A recorded resource's id and outputs, which occur in the inputs of resources that refer to it. */
export interface RecordedIds {
  urn: string;
  id: string;
  outputs: Record<string, unknown>;
  /** Inputs in `ignoreChanges` cause no update. */
  options?: { ignoreChanges?: string[] };
}

export interface ResourceChange {
  kind: "create" | "update" | "replace" | "delete";
  urn: string;
  type: string;
  name: string;
  /** Inputs that differ; for a replacement those that force it. */
  properties: string[];
}

/**
 * What would happen to the resources. An estimate: it compares what two commits declare, while the engine compares with the
 * resources that exist.
 * @param recorded ids and outputs of this commit's resources, to follow a replacement to the resources that refer to it
 */
export function compareResources(
  before: ComparedResource[],
  after: ComparedResource[],
  recorded: RecordedIds[] = [],
): ResourceChange[] {
  const old = new Map(before.filter(isDeployed).map((resource) => [resource.urn, resource]));
  const current = after.filter(isDeployed);
  const urns = new Set(current.map(({ urn }) => urn));
  const known = new Map(recorded.map((ids) => [ids.urn, ids]));
  const changed = new Map<string, Set<string>>();
  for (const { urn, inputs } of current) {
    const earlier = old.get(urn);
    const ignored = known.get(urn)?.options?.ignoreChanges ?? [];
    const differing =
      earlier && changedInputs(earlier.inputs, inputs).filter((key) => !ignored.includes(key));
    if (differing) changed.set(urn, new Set(differing));
  }
  const forcing = ({ urn, type, inputs }: ComparedResource) =>
    replacedBy(type, [...(changed.get(urn) ?? [])], { before: old.get(urn)?.inputs ?? {}, after: inputs });
  followReplacements(current, changed, known, forcing);
  return [
    ...current.flatMap((resource) => changeOf(resource, changed.get(resource.urn), forcing(resource))),
    ...[...old.values()]
      .filter(({ urn }) => !urns.has(urn))
      .map(({ urn, type, name }) => ({ kind: "delete" as const, urn, type, name, properties: [] })),
  ];
}

const isDeployed = ({ type }: ComparedResource) => /^(aws|awsx|tls|random):/.test(type);

function changeOf(
  { urn, type, name }: ComparedResource,
  changed: Set<string> | undefined,
  forcing: string[],
): ResourceChange[] {
  if (changed === undefined) return [{ kind: "create", urn, type, name, properties: [] }];
  if (changed.size === 0) return [];
  return [
    forcing.length > 0
      ? { kind: "replace", urn, type, name, properties: forcing }
      : { kind: "update", urn, type, name, properties: [...changed].sort() },
  ];
}

function changedInputs(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !isDeepStrictEqual(before[key], after[key]),
  );
}

/** A replaced resource gets another id, so every input that contains the id changes, and so on. */
function followReplacements(
  resources: ComparedResource[],
  changed: Map<string, Set<string>>,
  recorded: Map<string, RecordedIds>,
  forcing: (resource: ComparedResource) => string[],
): void {
  const done = new Set<string>();
  for (let again = true; again; ) {
    again = false;
    for (const resource of resources) {
      const { urn } = resource;
      if (done.has(urn) || !changed.has(urn) || forcing(resource).length === 0) continue;
      done.add(urn);
      again = true;
      const names = namesOf(recorded.get(urn));
      for (const other of resources) {
        if (other.urn === urn) continue;
        for (const [key, value] of Object.entries(other.inputs)) {
          const text = typeof value === "string" ? value : JSON.stringify(value);
          if (names.some((name) => text?.includes(name))) changed.get(other.urn)?.add(key);
        }
      }
    }
  }
}

/** Outputs that a replacement changes. Short texts would match by accident. */
const NEW_OUTPUTS = ["arn", "invokeArn", "qualifiedArn", "dnsName", "executionArn", "regionalDomainName"];

function namesOf(ids: RecordedIds | undefined): string[] {
  if (!ids) return [];
  return [ids.id, ...NEW_OUTPUTS.map((key) => ids.outputs[key])].filter(
    (text): text is string => typeof text === "string" && text.length >= 8,
  );
}
