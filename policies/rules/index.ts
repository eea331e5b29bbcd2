import type { Rule } from "../rule";
import { encryptedAtRest, logRetention, noPlaintextSecret, privateBuckets } from "./data";
import {
  accessLogging,
  closedAllowList,
  defaultEndpoint,
  modernTls,
  webAclBlocks,
  webAclOnStage,
} from "./edge";
import { noBroadManagedPolicy, noWildcardIam } from "./iam";
import { closedIngress, instanceMetadata, internalLoadBalancer } from "./network";
import { protectedDomain, protectedLoadBalancer, tagged } from "./ownership";
import { authorizedFunctionUrl, closedResourcePolicy, namedPrincipal, scopedInvoke } from "./principals";

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
  closedAllowList,
  noPlaintextSecret,
  logRetention,
  encryptedAtRest,
  privateBuckets,
  noWildcardIam,
  noBroadManagedPolicy,
  namedPrincipal,
  closedResourcePolicy,
  scopedInvoke,
  authorizedFunctionUrl,
  tagged,
  protectedDomain,
  protectedLoadBalancer,
];
