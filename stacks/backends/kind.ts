import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Backend } from "../../components/backends/backend";
import type { Network } from "../../components/stage/network";
import type { Stage } from "../../components/stage/stage";
import type { Finding } from "../../lib/finding";
import type { PscSettings } from "./psc/schema";

/** A service whose backend is of one kind, and its settings `S` for that kind. */
export interface BackendService<S> {
  name: string;
  port: number;
  domain: string;
  basePath?: string;
  timeoutMs?: { default?: number; rules?: Record<string, number> };
  backend: S;
  /** File, line and column of a key of `backend`, for findings. */
  locate(...path: string[]): string;
}

/** What a kind uses of the stack's settings. */
export interface BackendContext {
  /** Name of the stage. */
  stage: string;
  /** Whether it is open to everybody. */
  production: boolean;
  /** The project's folder, to which paths in the settings are relative. */
  root: string;
  psc: PscSettings;
}

/** What a kind uses of the stage that its backends belong to. */
export interface BackendStage {
  stage: Stage;
  network: Network;
  logRetentionDays: number;
  tags?: Record<string, string>;
}

/** What a kind adds to the stack's outputs. */
export interface BackendOutputs {
  psc?: { partnerAdmits: pulumi.Output<string> };
}

export interface CreatedBackends {
  /** By service name. */
  backends: Map<string, Backend>;
  outputs?: BackendOutputs;
}

/** What the services of one kind need, known before anything is declared. */
export interface BackendPlan {
  findings: Finding[];
  create(stage: BackendStage): CreatedBackends;
}

/** A kind of backend: one entry in `backendKinds`, one component in components/backends. */
export interface BackendKind<Schema extends z.ZodType> {
  /** Its settings in a service's `backend`. */
  schema: Schema;
  /** IDs of the existing EC2 instances that these settings name; the stage's security group is attached to them. */
  instances(settings: z.output<Schema>): string[];
  /** Declares nothing and throws nothing: what is wrong is in the findings. */
  plan(services: BackendService<z.output<Schema>>[], context: BackendContext): BackendPlan;
}
