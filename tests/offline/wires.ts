import assert from "node:assert/strict";
import type { RecordedResource, Recording } from "../../offline/recording";

/** Finds a resource by type, by the service (or its domain) it belongs to, and by what it says. */
export type Find = (
  type: string,
  owner?: string,
  which?: (inputs: Record<string, unknown>) => boolean,
) => RecordedResource;

/** A mistake of the program, made in a recording. */
export type Mistake = (find: Find, recording: Recording) => void;

/** Makes the mistake in `recording`. Logical names are the program's own affair, so nothing is found by them. */
export function make(mistake: Mistake, recording: Recording): void {
  const byUrn = new Map(recording.resources.map((resource) => [resource.urn, resource]));
  const owners = (resource: RecordedResource | undefined): string[] =>
    resource ? [resource.name, ...owners(byUrn.get(resource.parent ?? ""))] : [];
  mistake((type, owner, which = () => true) => {
    const found = recording.resources.find(
      (resource) =>
        resource.type.endsWith(`:${type}`) &&
        (owner === undefined ||
          owners(resource).some((name) => name === owner || name.startsWith(`${owner}.`))) &&
        which(resource.inputs),
    );
    assert.ok(found, `the stack has no ${type} of ${owner}`);
    return found;
  }, recording);
}

export function remove(recording: Recording, ...gone: RecordedResource[]): void {
  recording.resources = recording.resources.filter((resource) => !gone.includes(resource));
}

export function set(resource: RecordedResource, values: Record<string, unknown>): void {
  Object.assign(resource.inputs, values);
  Object.assign(resource.outputs, values);
}

/** Of a policy that lets API Gateway invoke the function of this name. */
export const invokes =
  (fn: string) =>
  ({ policy }: Record<string, unknown>) =>
    String(policy).includes("lambda:InvokeFunction") && String(policy).includes(`:function:${fn}-`);
export const validation = ({ name }: Record<string, unknown>) => String(name).startsWith("_");
export const address = (inputs: Record<string, unknown>) => !validation(inputs);
