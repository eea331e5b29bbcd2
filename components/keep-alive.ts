import * as pulumi from "@pulumi/pulumi";
import type { FunctionBundle } from "../functions/build";

export interface KeepAliveArgs {
  stage: string;
  bundle: FunctionBundle;
  targets: { service: string; url: pulumi.Input<string> }[];
  everyDays: number;
  logRetentionDays: number;
  alarmTopicArn?: string;
  tags?: Record<string, string>;
}

export class KeepAlive extends pulumi.ComponentResource {
  constructor(name: string, args: KeepAliveArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:KeepAlive", name, args, opts);
    this.registerOutputs({});
  }
}
