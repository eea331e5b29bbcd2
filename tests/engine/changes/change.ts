import type { EngineProgram } from "../engine";
import type { Effect } from "../traffic/walk";
import type { World } from "../traffic/world";

export type Config = Record<string, unknown>;
/** The stage as it is before an edit: its files, and what AWS holds. */
export interface Standing {
  program: EngineProgram;
  world: World;
}
export type Edit = (config: Config, services: Config[], standing: Standing) => void;

/** A change of the settings or a spec of a stage that carries traffic, and what comes of it. */
export interface Change {
  /** What the operator does, as docs/changes.md says it. */
  what: string;
  /** What happens to callers, as docs/changes.md says it. */
  callers: string;
  /** Brought up before the change. Default: the stack as its file has it. */
  before?: Edit[];
  edit: Edit;
  /** `Kind name`, where `*` is any text: every operation matches one of them, and each of them an operation. */
  created?: string[];
  updated?: string[];
  /** Created and deleted under one name. */
  replaced?: string[];
  deleted?: string[];
  /** Pairs of `operation Kind name`: every operation like the first comes before every operation like the second. */
  order?: [first: string, second: string][];
  /** The error with which the run ends, half-way. Default: it succeeds. */
  fails?: RegExp;
  /** By service; those that are not named: `nothing`. */
  effects?: Record<string, Effect>;
  /** Why requests fail. Must be given where an effect is `outage` or `cut`. */
  because?: RegExp;
  /** They fail until somebody changes something again. */
  lasting?: boolean;
  /** Domains, with base paths, at which callers find nothing any more, as the change asks. */
  gone?: string[];
  added?: string[];
}

export const zones = (config: Config) => (config["gateway:network"] as { zones: Config[] }).zones;
export const levels = (config: Config) => config["gateway:levels"] as Record<string, Config>;

/** An edit of one service's settings. */
export function service(name: string, edit: (service: Config) => void): Edit {
  return (_, services) => {
    const found = services.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`the stack has no service ${name}`);
    edit(found);
  };
}

export const domain = (name: string) => `${name}.changes.example.org`;
