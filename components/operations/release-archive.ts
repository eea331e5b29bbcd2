import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { limitedName } from "../names";

export interface ReleaseArchiveArgs {
  /** Retention of the archive's access log, in days. */
  logRetentionDays: number;
  /** Days for which an overwritten or deleted export can be restored. Default: 365. */
  oldVersionDays?: number;
  /** Refuse deletion of the archive. */
  protect: boolean;
  tags?: Record<string, string>;
}

/**
 * A bucket for the export of each API definition that a stage has served: versioned, encrypted, private, with access
 * logs. `npm run ops -- release` writes it, `releases` and `restore` read it.
 */
export class ReleaseArchive extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  /** Bucket for the archive's server access logs. */
  readonly accessLog: aws.s3.Bucket;

  constructor(name: string, args: ReleaseArchiveArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:ReleaseArchive", name, {}, opts);
    const parent = this;
    const { oldVersionDays = 365, logRetentionDays, protect, tags } = args;

    this.accessLog = createAccessLog();
    this.bucket = createArchive(this.accessLog);
    this.registerOutputs({ bucket: this.bucket.bucket });

    /** S3 only delivers access logs to buckets with SSE-S3 as default encryption, not KMS.
     * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html */
    function createAccessLog(): aws.s3.Bucket {
      const bucket = createBucket(`${name}-log`, "AES256");
      new aws.s3.BucketLifecycleConfiguration(
        `${name}-log-expiry`,
        {
          bucket: bucket.bucket,
          rules: [
            {
              id: "expire",
              status: "Enabled",
              filter: { prefix: "" },
              expiration: { days: logRetentionDays },
              abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            },
          ],
        },
        { parent },
      );
      return bucket;
    }

    function createArchive(accessLog: aws.s3.Bucket): aws.s3.Bucket {
      const bucket = createBucket(`${name}-archive`, "aws:kms");
      const versioning = new aws.s3.BucketVersioning(
        `${name}-versioning`,
        { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
        { parent },
      );
      new aws.s3.BucketLifecycleConfiguration(
        `${name}-old-versions`,
        {
          bucket: bucket.bucket,
          rules: [
            {
              id: "old-versions",
              status: "Enabled",
              filter: { prefix: "" },
              noncurrentVersionExpiration: { noncurrentDays: oldVersionDays },
              abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            },
          ],
        },
        { parent, dependsOn: [versioning] },
      );
      createBucketPolicy(`${name}-archive-policy`, bucket, []);
      const logPolicy = createBucketPolicy(`${name}-log-policy`, accessLog, [
        deliveryFrom(bucket, accessLog),
      ]);
      new aws.s3.BucketLogging(
        `${name}-logging`,
        { bucket: bucket.bucket, targetBucket: accessLog.bucket, targetPrefix: "access/" },
        { parent, dependsOn: [logPolicy] },
      );
      return bucket;
    }

    /** `aws:kms` uses the AWS managed key for S3: no monthly price, and CloudTrail records its use. */
    function createBucket(bucketName: string, sseAlgorithm: "AES256" | "aws:kms"): aws.s3.Bucket {
      const bucket = new aws.s3.Bucket(limitedName("bucket", bucketName), { tags }, { parent, protect });
      const of = { bucket: bucket.bucket };
      new aws.s3.BucketPublicAccessBlock(
        `${bucketName}-private`,
        {
          ...of,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
        { parent },
      );
      new aws.s3.BucketOwnershipControls(
        `${bucketName}-ownership`,
        { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
        { parent },
      );
      new aws.s3.BucketServerSideEncryptionConfiguration(
        `${bucketName}-encryption`,
        {
          ...of,
          rules: [
            {
              applyServerSideEncryptionByDefault: { sseAlgorithm },
              bucketKeyEnabled: sseAlgorithm === "aws:kms",
            },
          ],
        },
        { parent },
      );
      return bucket;
    }

    /** A bucket has one policy, so each repeats the common Deny. */
    function createBucketPolicy(
      policyName: string,
      { bucket, arn }: aws.s3.Bucket,
      more: pulumi.Input<aws.iam.PolicyStatement>[],
    ): aws.s3.BucketPolicy {
      return new aws.s3.BucketPolicy(
        policyName,
        {
          bucket,
          policy: pulumi.jsonStringify({
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "TlsOnly",
                Effect: "Deny",
                Principal: "*",
                Action: "s3:*",
                Resource: [arn, pulumi.interpolate`${arn}/*`],
                Condition: { Bool: { "aws:SecureTransport": "false" } },
              },
              ...more,
            ],
          }),
        },
        { parent },
      );
    }
  }
}

/** Allows S3 log delivery to write, for this archive only. */
function deliveryFrom(
  archive: aws.s3.Bucket,
  accessLog: aws.s3.Bucket,
): pulumi.Input<aws.iam.PolicyStatement> {
  return {
    Sid: "AccessLog",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`${accessLog.arn}/access/*`,
    Condition: { ArnLike: { "aws:SourceArn": archive.arn } },
  };
}
