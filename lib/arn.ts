/** `arn:partition:service:region:account:resource`; the resource may contain further colons. */
export interface Arn {
  partition: string;
  service: string;
  /** Empty for global services such as IAM */
  region: string;
  accountId: string;
  resource: string;
}

export function parseArn(arn: string): Arn | undefined {
  const [prefix, partition, service, region, accountId, ...resource] = arn.split(":");
  if (prefix !== "arn" || !partition || !service || region === undefined || accountId === undefined)
    return undefined;
  if (resource.length === 0) return undefined;
  return { partition, service, region, accountId, resource: resource.join(":") };
}

/** The partition of a region. Source: AWS General Reference, "Amazon Resource Names": aws, aws-cn, aws-us-gov. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** A Lambda function. Each part may be a placeholder such as `${AWS::Region}`. */
export interface LambdaFunctionId {
  region: string;
  accountId: string;
  name: string;
  /** A version or an alias. Default: none, which is $LATEST */
  qualifier?: string;
  /** Default: the region's */
  partition?: string;
}

export function functionArn({ region, accountId, name, qualifier, partition }: LambdaFunctionId): string {
  const arn = `arn:${partition ?? partitionOf(region)}:lambda:${region}:${accountId}:function:${name}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

/** The URI of an integration or authorizer by which API Gateway invokes a function.
 * Source: API Gateway developer guide, "x-amazon-apigateway-integration". */
export function invokeArn(id: LambdaFunctionId): string {
  const partition = id.partition ?? partitionOf(id.region);
  return `arn:${partition}:apigateway:${id.region}:lambda:path/2015-03-31/functions/${functionArn(id)}/invocations`;
}

/** What a Lambda invoke ARN invokes: a function's ARN or name, with its qualifier if it has one. */
export function invokedFunction(uri: string): string | undefined {
  return /:lambda:path\/[^/]+\/functions\/(.+?)\/(?:response-streaming-)?invocations/.exec(uri)?.[1];
}

/** The function's name, without its qualifier, in a function ARN or a Lambda invoke ARN; undefined for other text. */
export function functionName(arn: string): string | undefined {
  const invoked = invokedFunction(arn);
  const named = /:function:([^/:]+)/.exec(invoked ?? arn)?.[1];
  if (named !== undefined || invoked === undefined || invoked.startsWith("arn:")) return named;
  return invoked.split(":")[0];
}
