import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionBundles } from "../../../functions/build";

export interface Declared {
  type: string;
  name: string;
  // Inputs have the shape of their resource type, which a test knows and a recorder does not.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  inputs: any;
}

/** Outputs AWS adds, by type; a type that is not here is refused. */
const outputs: Record<string, (name: string) => Record<string, unknown>> = {
  "aws:cloudwatch/logGroup:LogGroup": (name) => ({
    arn: `arn:aws:logs:us-east-1:123456789012:log-group:${name}`,
  }),
  "aws:iam/role:Role": (name) => ({
    arn: `arn:aws:iam::123456789012:role/${name}-1a2b3c4`,
    name: `${name}-1a2b3c4`,
  }),
  "aws:iam/rolePolicy:RolePolicy": () => ({}),
  "aws:lambda/function:Function": (name) => ({
    arn: `arn:aws:lambda:us-east-1:123456789012:function:${name}-1a2b3c4`,
    name: `${name}-1a2b3c4`,
    invokeArn: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}-1a2b3c4/invocations`,
  }),
  "aws:lambda/layerVersion:LayerVersion": (name) => ({
    arn: `arn:aws:lambda:us-east-1:123456789012:layer:${name}:1`,
  }),
  "aws:lambda/permission:Permission": () => ({}),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": () => ({}),
  "aws:scheduler/scheduleGroup:ScheduleGroup": (name) => ({
    arn: `arn:aws:scheduler:us-east-1:123456789012:schedule-group/${name}-1a2b3c4`,
    name: `${name}-1a2b3c4`,
  }),
  "aws:scheduler/schedule:Schedule": () => ({}),
  "aws:cloudwatch/metricAlarm:MetricAlarm": () => ({}),
  "aws:apigateway/restApi:RestApi": () => ({
    executionArn: "arn:aws:execute-api:us-east-1:123456789012:abc123",
  }),
};

/**
 * Runs `declare` against mocks and gives every resource it declared, components included. Refuses an unknown
 * resource type, any provider function, and a URN that is declared twice. The mocks cannot tell parents,
 * dependencies and other options.
 */
export async function declared(declare: () => unknown, preview = false): Promise<Declared[]> {
  const resources: Declared[] = [];
  const errors: unknown[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, custom }) {
        if (resources.some((other) => other.type === type && other.name === name)) {
          throw new Error(`declared twice: ${type} ${name}`);
        }
        const output = custom ? outputs[type] : () => ({});
        if (output === undefined) throw new Error(`no mock for the resource type ${type}`);
        resources.push({ type, name, inputs });
        return { id: `${name}-id`, state: { ...inputs, ...output(name) } };
      },
      call({ token }) {
        throw new Error(`no mock for the function ${token}`);
      },
    },
    "gateway",
    "dev",
    preview,
  );
  const remember = (error: unknown) => errors.push(error);
  process.on("unhandledRejection", remember);
  try {
    declare();
    await pulumi.runtime.disconnect();
    // A rejection is reported when the queue of finished promises is empty.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("unhandledRejection", remember);
  }
  if (errors.length > 0) throw errors[0];
  return resources;
}

/** The one resource of a type whose name ends in `suffix`. */
export function only(resources: Declared[], type: string, suffix = ""): Declared {
  const found = resources.filter((resource) => resource.type === type && resource.name.endsWith(suffix));
  if (found.length !== 1)
    throw new Error(`${found.length} of ${type} …${suffix}: ${found.map(({ name }) => name)}`);
  return found[0] as Declared;
}

const bundle = (name: string) => ({
  name,
  archive: path.resolve(`${name}.zip`),
  sha256: "ab".repeat(32),
  handler: "index.handler",
});

/** Bundles that were never built. */
export const bundles: FunctionBundles = {
  authorizer: bundle("authorizer"),
  notFound: bundle("not-found"),
  redirect: bundle("redirect"),
  keepAlive: bundle("keep-alive"),
  layer: bundle("functions-layer"),
};
