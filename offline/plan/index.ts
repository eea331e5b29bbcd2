import { join, resolve } from "node:path";
import { type Finding, FindingsError } from "../../lib/finding";
import { stacksRoot } from "../../lib/project-root";
import { type Route, routesOf } from "../../openapi";
import { policyFindings } from "../../policies/findings";
import type { PolicyResource } from "../../policies/rule";
import { compileApis } from "../../stacks/apis";
import { readStackFile } from "../../stacks/settings";
import { type Cost, costOf } from "../cost/cost";
import { type Model, modelOf } from "../model";
import { type RecordedResource, type Recording, RecordingError, record } from "../recording";
import { readStack } from "../recording/stack-file";
import { wiringFindings } from "../wiring";
import { pathTraversalFindings } from "./path-traversal";
import { type Limits, limitsOf, type Quota, quotaFindings, quotasOf } from "./quotas";
import { stageFindings } from "./stage-findings";

/** What a stack would consist of, without asking AWS. Also the output of `npm run plan -- --json`. */
export interface Plan {
  stack: string;
  /** Parents before their children. */
  resources: PlannedResource[];
  routes: PlannedRoute[];
  findings: Finding[];
  quotas: Quota[];
  /** An estimate from a price table with its own date. */
  cost?: Cost;
}

export interface PlannedResource {
  urn: string;
  type: string;
  name: string;
  parent?: string;
  /** Secrets are replaced by `[secret]`. */
  inputs: Record<string, unknown>;
}

export interface PlannedRoute extends Route {
  service: string;
}

export interface PlanOptions {
  /** Folder of the project to plan; default: this one. */
  root?: string;
}

/**
 * Runs the program for a stack and returns what it declares and what is wrong with it.
 * Refused stack files, settings and specs become findings of a plan without resources.
 * @throws UserError for a stack that has no file
 */
export async function planOf(stack: string, options: PlanOptions = {}): Promise<Plan> {
  return (await planWithRecording(stack, options)).plan;
}

/** The same with the recording behind it; there is none when settings or specs are refused. */
export async function planWithRecording(
  stack: string,
  { root = stacksRoot() }: PlanOptions = {},
): Promise<{ plan: Plan; recording?: Recording }> {
  let sources: Finding[] = [];
  try {
    const { config } = readStack(resolve(root), stack);
    sources = [...sourceFindings(stack, resolve(root)), ...regionFindings(stack, config["aws:region"])];
    const recording = await record(stack, { root });
    const cost = costOf(recording.resources, { region: config["aws:region"] });
    return { plan: { ...planOfRecording(recording, sources, limitsOf(config)), cost }, recording };
  } catch (error) {
    return {
      plan: { stack, resources: [], routes: [], findings: reasonsOf(error, stack, sources), quotas: [] },
    };
  }
}

/**
 * The plan of a recording.
 * @param sources findings about the settings and specs behind it
 * @param raised quotas that AWS raised for the account
 */
export function planOfRecording(recording: Recording, sources: Finding[] = [], raised: Limits = {}): Plan {
  const model = modelOf(recording);
  const { production } = recording.outputs;
  const quotas = quotasOf(model, raised);
  return {
    stack: recording.stack,
    resources: inTreeOrder(recording.resources).map(planned),
    routes: plannedRoutes(model),
    findings: [
      ...sources.filter((finding) => !finding.autofix),
      ...wiringFindings(model),
      ...stageFindings(model),
      ...pathTraversalFindings(model),
      ...quotaFindings(quotas),
      ...together(
        policyFindings(recording.resources.map(policyResource), {
          stage: recording.stack,
          // The program exports it; before it did, the stack called prod was production.
          ...(typeof production === "boolean" && { production }),
        }),
      ),
    ],
    quotas,
  };
}

/** One finding for what is wrong with many resources, such as a tag that none of them has. */
function together(findings: Finding[]): Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.message}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length <= 5) return group;
    const names = group.slice(0, 3).map(({ where }) => where);
    return [{ ...first, where: `${group.length} resources: ${names.join(", ")}, …` }];
  });
}

/** What is wrong with the stack's settings and with the specs they name. */
function sourceFindings(stack: string, root: string): Finding[] {
  const file = join(root, `Pulumi.${stack}.yaml`);
  try {
    return compileApis(readStackFile(file, stack), root).findings;
  } catch (error) {
    return error instanceof FindingsError ? error.findings : [];
  }
}

/** Without the key the region depends on who runs Pulumi: it takes AWS_REGION or the profile's. */
function regionFindings(stack: string, region: string | undefined): Finding[] {
  if (region !== undefined) return [];
  const where = `Pulumi.${stack}.yaml`;
  const message =
    "aws:region is not set, so Pulumi takes the region of whoever runs it, or fails without one. Set it, e.g. us-east-1.";
  return [{ level: "warning", rule: "region-not-set", where, message, key: "aws:region" }];
}

/** Why there is no recording. The program repeats what is wrong with its settings and specs, without a position. */
function reasonsOf(error: unknown, stack: string, sources: Finding[]): Finding[] {
  if (error instanceof FindingsError) return error.findings;
  if (!(error instanceof RecordingError)) throw error;
  const errors = sources.filter(({ level }) => level === "error");
  if (errors.length > 0) return errors;
  return [{ level: "error", rule: "program", where: `stack ${stack}`, message: error.message }];
}

/** As the engine gives it to the policy pack. */
function policyResource({ options, ...resource }: RecordedResource): PolicyResource {
  return { ...resource, protect: options.protect ?? false };
}

function planned({ urn, type, name, parent, inputs, secrets }: RecordedResource): PlannedResource {
  const shown = Object.entries(inputs).map(([key, value]) => [
    key,
    secrets.includes(key) ? "[secret]" : value,
  ]);
  return { urn, type, name, ...(parent && { parent }), inputs: Object.fromEntries(shown) };
}

function plannedRoutes({ services }: Model): PlannedRoute[] {
  return services.flatMap(({ name, definition }) =>
    routesOf(definition.document).map((route) => ({ service: name, ...route })),
  );
}

/** Depth first, children in the order of declaration. */
export function inTreeOrder<R extends { urn: string; parent?: string }>(resources: R[]): R[] {
  const children = new Map<string | undefined, R[]>();
  for (const resource of resources) {
    children.set(resource.parent, [...(children.get(resource.parent) ?? []), resource]);
  }
  const below = (parent: string | undefined): R[] =>
    (children.get(parent) ?? []).flatMap((child) => [child, ...below(child.urn)]);
  return below(undefined);
}
