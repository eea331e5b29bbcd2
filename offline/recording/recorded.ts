/** What one run of the program declared, without AWS, the Pulumi CLI or credentials. */
export interface Recording {
  stack: string;
  /** In the order of registration: a parent comes before its children. */
  resources: RecordedResource[];
  /** What the program asked the provider (`aws.ec2.getInstance` and the like). */
  invokes: RecordedInvoke[];
  /** The stack's outputs. */
  outputs: Record<string, unknown>;
  /** What the program printed, one line each. */
  log: string[];
}

export interface RecordedResource<Inputs = Record<string, unknown>, Outputs = Record<string, unknown>> {
  urn: string;
  /** Type token, e.g. `aws:lb/listener:Listener`. */
  type: string;
  /** Logical name. */
  name: string;
  /** URN of the parent; absent for the stack itself. */
  parent?: string;
  /** Provider id (an ARN where AWS uses one); empty for components. */
  id: string;
  /** As the program set them, secrets in plain text; a file or archive is `{ path }`. */
  inputs: Inputs;
  /** Inputs plus what AWS would add: ARNs, DNS names, ids. For components what they registered. */
  outputs: Outputs;
  /** Resource options that affect replacement and deletion. */
  options: RecordedOptions;
  /** Names of the inputs that contain a secret. */
  secrets: string[];
}

export interface RecordedOptions {
  dependsOn: string[];
  protect?: boolean;
  retainOnDelete?: boolean;
  deleteBeforeReplace?: boolean;
  ignoreChanges?: string[];
  customTimeouts?: { create?: string; update?: string; delete?: string };
}

export interface RecordedInvoke {
  /** Function token, e.g. `aws:ec2/getInstance:getInstance`. */
  token: string;
  args: Record<string, unknown>;
  result: Record<string, unknown>;
}
