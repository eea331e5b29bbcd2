import { isObject, objectAt, stringAt, toList } from "../../lib/json";
import { type PolicyResource, ruleFor, type StackRule } from "../rule";

/** Names that secrets usually have, as whole words of a camelCase, snake_case or kebab-case name. */
const SECRET_NAME =
  /(^|_)(secret|password|passwd|passphrase|token|credentials?|apikey|api_key|private_key|access_key)($|_)/;
/** A secret's location or how it is handled is not a secret. */
const HARMLESS_NAME =
  /_(arn|arns|name|names|id|ids|url|uri|seconds|ttl|path|parameter|type|header|prefix|version|region)$/;
const HARMLESS_VALUE = /^(arn:|https?:\/\/[^@]*$|\/[\w./-]+$|true$|false$|\d{0,9}$)/;

/** Values that are secrets whatever the variable's name. */
const SECRET_VALUES: [RegExp, string][] = [
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, "an AWS access key id"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/\bgh[pousr]_[A-Za-z0-9]{36}/, "a GitHub token"],
  [/\bpul-[0-9a-f]{40}\b/, "a Pulumi access token"],
  [/^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s@]+@/i, "a URL with a password"],
  [/\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\./, "a signed token (JWT)"],
];

/** Why a variable looks like a secret; undefined when it does not. The result never contains the value. */
export function secretIn(name: string, value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const shape = SECRET_VALUES.find(([pattern]) => pattern.test(value));
  if (shape) return `contains ${shape[1]}`;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/-/g, "_")
    .toLowerCase();
  if (!SECRET_NAME.test(words) || HARMLESS_NAME.test(words) || HARMLESS_VALUE.test(value)) return undefined;
  return "is named like a secret";
}

export const noPlaintextSecret = ruleFor(["aws:lambda/function:Function"], {
  name: "no-plaintext-secret",
  description: "A function's environment has the location of a secret, never its value.",
  check: (inputs) =>
    Object.entries(objectAt(objectAt(inputs, "environment") ?? {}, "variables") ?? {}).flatMap(
      ([name, value]) => {
        const reason = secretIn(name, value);
        return reason
          ? [`environment variable ${name} ${reason}; keep it in Secrets Manager and pass its ARN`]
          : [];
      },
    ),
});

/** 0 in the provider means "never expires". */
export const logRetention = ruleFor(["aws:cloudwatch/logGroup:LogGroup"], {
  name: "log-retention",
  description: "A log group has a retention period.",
  check: ({ retentionInDays }) =>
    typeof retentionInDays === "number" && retentionInDays > 0
      ? []
      : ["retentionInDays is not set, so the log and its cost grow without limit"],
});

/**
 * Log groups are not among them: "Log group data is always encrypted in CloudWatch Logs" (user guide, "Encrypt log data in
 * CloudWatch Logs using AWS KMS").
 */
export const encryptedAtRest = ruleFor(
  [
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ebs/volume:Volume",
    "aws:apigateway/methodSettings:MethodSettings",
    "aws:sqs/queue:Queue",
    "aws:ssm/parameter:Parameter",
  ],
  {
    name: "encrypted-at-rest",
    description: "Disks, response caches, queues and stored parameters are encrypted.",
    check: (inputs, { type }) => unencrypted(type, inputs),
  },
);

function unencrypted(type: string, inputs: Record<string, unknown>): string[] {
  switch (type) {
    case "aws:ec2/instance:Instance":
      return isTrue(objectAt(inputs, "rootBlockDevice")?.encrypted)
        ? []
        : ["set rootBlockDevice.encrypted: true"];
    case "aws:ec2/launchTemplate:LaunchTemplate":
      return toList(inputs.blockDeviceMappings)
        .filter(isObject)
        .filter(({ ebs }) => isObject(ebs) && !isTrue(ebs.encrypted))
        .map(({ deviceName }) => `set blockDeviceMappings ${deviceName}.ebs.encrypted: "true"`);
    case "aws:ebs/volume:Volume":
      return isTrue(inputs.encrypted) ? [] : ["set encrypted: true"];
    case "aws:apigateway/methodSettings:MethodSettings": {
      const settings = objectAt(inputs, "settings") ?? {};
      return isTrue(settings.cachingEnabled) && !isTrue(settings.cacheDataEncrypted)
        ? ["cached responses are not encrypted; set settings.cacheDataEncrypted: true"]
        : [];
    }
    case "aws:sqs/queue:Queue":
      return inputs.kmsMasterKeyId !== undefined || inputs.sqsManagedSseEnabled !== false
        ? []
        : ["set sqsManagedSseEnabled: true"];
    default:
      return secretIn(stringAt(inputs, "name") ?? "", inputs.value) && inputs.type !== "SecureString"
        ? ['contains what looks like a secret; set type: "SecureString"']
        : [];
  }
}

/** The launch template's flag is a string in the provider. */
const isTrue = (value: unknown) => value === true || value === "true";

const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const ACCESS_BLOCKS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const privateBuckets: StackRule = {
  name: "private-buckets",
  description: "Every bucket blocks public access with all four settings.",
  checkStack(resources) {
    const blocks = resources.filter(({ type }) => type === ACCESS_BLOCKS);
    return resources
      .filter(({ type }) => BUCKETS.includes(type))
      .filter(
        (bucket) =>
          !blocks.some(
            (block) =>
              FLAGS.every((flag) => block.inputs[flag] === true) &&
              (block.references?.bucket?.includes(bucket.urn) ?? belongs(block.inputs.bucket, bucket)),
          ),
      )
      .map(({ urn }) => ({
        urn,
        message: `no s3.BucketPublicAccessBlock with ${FLAGS.join(", ")} all true exists for this bucket`,
      }));
  },
};

const belongs = (name: unknown, bucket: PolicyResource) =>
  typeof name === "string" && (name === bucket.inputs.bucket || name === bucket.id);
