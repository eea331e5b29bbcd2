import { isDeepStrictEqual } from "node:util";
import { replacedBy } from "./replacements";

export interface ComparedResource {
  urn: string;
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** What AWS calls a resource: other resources' inputs hold these texts where they refer to it. */
export interface Identity {
  urn: string;
  id: string;
  outputs: Record<string, unknown>;
  /** What the engine leaves as it is when it differs. */
  options?: { ignoreChanges?: string[] };
}

export interface ResourceChange {
  kind: "create" | "update" | "replace" | "delete";
  type: string;
  name: string;
  /** Inputs that differ; for a replacement those that force it. */
  properties: string[];
}

/**
 * What would happen to the resources, by what the program declares in both commits. An estimate: the engine compares with what
 * stands in AWS, this compares with what the other commit would have made.
 *
 * @param identities ids and outputs of the recorded resources: what is replaced changes wherever it is referred to
 */
export function compareResources(
  before: ComparedResource[],
  after: ComparedResource[],
  identities: Identity[] = [],
): ResourceChange[] {
  const old = new Map(before.filter(isDeployed).map((resource) => [resource.urn, resource]));
  const now = after.filter(isDeployed);
  const urns = new Set(now.map(({ urn }) => urn));
  const known = new Map(identities.map((identity) => [identity.urn, identity]));
  const changed = new Map<string, Set<string>>();
  for (const { urn, inputs } of now) {
    const earlier = old.get(urn);
    const ignored = known.get(urn)?.options?.ignoreChanges ?? [];
    const differing =
      earlier && changedInputs(earlier.inputs, inputs).filter((key) => !ignored.includes(key));
    if (differing) changed.set(urn, new Set(differing));
  }
  followReplacements(now, changed, known);
  return [
    ...now.flatMap((resource) => changeOf(resource, changed.get(resource.urn))),
    ...[...old.values()]
      .filter(({ urn }) => !urns.has(urn))
      .map(({ type, name }) => ({ kind: "delete" as const, type, name, properties: [] })),
  ];
}

const isDeployed = ({ type }: ComparedResource) => /^(aws|awsx|tls|random):/.test(type);

function changeOf({ type, name }: ComparedResource, changed: Set<string> | undefined): ResourceChange[] {
  if (changed === undefined) return [{ kind: "create", type, name, properties: [] }];
  if (changed.size === 0) return [];
  const forcing = replacedBy(type, [...changed]);
  return [
    forcing.length > 0
      ? { kind: "replace", type, name, properties: forcing }
      : { kind: "update", type, name, properties: [...changed].sort() },
  ];
}

function changedInputs(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !isDeepStrictEqual(before[key], after[key]),
  );
}

/** A replaced resource has another id, so every input that holds it changes too, until nothing more follows. */
function followReplacements(
  resources: ComparedResource[],
  changed: Map<string, Set<string>>,
  identities: Map<string, Identity>,
): void {
  const done = new Set<string>();
  for (let again = true; again; ) {
    again = false;
    for (const { urn, type } of resources) {
      const inputs = changed.get(urn);
      if (done.has(urn) || !inputs || replacedBy(type, [...inputs]).length === 0) continue;
      done.add(urn);
      again = true;
      const names = namesOf(identities.get(urn));
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

/** Outputs that are new with a new resource. Short texts would be found everywhere. */
const NEW_OUTPUTS = ["arn", "invokeArn", "qualifiedArn", "dnsName", "executionArn", "regionalDomainName"];

function namesOf(identity: Identity | undefined): string[] {
  if (!identity) return [];
  return [identity.id, ...NEW_OUTPUTS.map((key) => identity.outputs[key])].filter(
    (text): text is string => typeof text === "string" && text.length >= 8,
  );
}
