import { apiChanges } from "./apis";
import { backendChanges } from "./backends";
import type { Change } from "./change";
import { deploymentChanges } from "./deployments";
import { networkChanges } from "./network";

/** Every change of a standing stage whose consequences are known; docs/changes.md lists them for operators. */
export const changes: Change[] = [...apiChanges, ...deploymentChanges, ...backendChanges, ...networkChanges];
