import type { Rule } from "../rule";
import { encryptedAtRest, logRetention, noPlaintextSecret, privateBuckets } from "./data";
import { accessLogging, defaultEndpoint, modernTls, webAclBlocks, webAclOnStage } from "./edge";
import { namedPrincipal, noBroadManagedPolicy, noWildcardIam, scopedInvoke } from "./iam";
import { closedIngress, instanceMetadata, internalLoadBalancer } from "./network";
import { protectedDomain, protectedLoadBalancer, tagged } from "./ownership";

/** Every rule, in the order of docs/policies.md. */
export const rules: readonly Rule[] = [
  internalLoadBalancer,
  closedIngress,
  instanceMetadata,
  accessLogging,
  modernTls,
  defaultEndpoint,
  webAclOnStage,
  webAclBlocks,
  noPlaintextSecret,
  logRetention,
  encryptedAtRest,
  privateBuckets,
  noWildcardIam,
  noBroadManagedPolicy,
  namedPrincipal,
  scopedInvoke,
  tagged,
  protectedDomain,
  protectedLoadBalancer,
];
