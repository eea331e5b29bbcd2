import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface ReleaseArchiveArgs {
  /** Days for which the log of who read or wrote the archive is kept. */
  logRetentionDays: number;
  /** Days for which an overwritten or deleted export can still be brought back. Default: 365. */
  oldVersionDays?: number;
  /** Refuse to delete the archive. */
  protect: boolean;
  tags?: Record<string, string>;
}

/**
 * Keeps the export of every API definition that a stage has served: versioned, encrypted, private, every access logged.
 * `npm run ops -- release` writes it, `releases` and `restore` read it.
 */
export class ReleaseArchive extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;
  /** Where S3 writes who accessed the archive. */
  readonly accessLog: aws.s3.Bucket;

  constructor(name: string, args: ReleaseArchiveArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:ReleaseArchive", name, {}, opts);
    const parent = this;
    const { oldVersionDays = 365, logRetentionDays, protect, tags } = args;

    this.accessLog = createAccessLog();
    this.bucket = createArchive(this.accessLog);
    this.registerOutputs({ bucket: this.bucket.bucket });

    /** S3 delivers access logs to buckets whose default encryption is SSE-S3, not KMS.
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

    /** With KMS the key is the account's own for S3: no monthly price, and its use is in CloudTrail. */
    function createBucket(bucketName: string, sseAlgorithm: "AES256" | "aws:kms"): aws.s3.Bucket {
      const bucket = new aws.s3.Bucket(bucketName, { tags }, { parent, protect });
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

    /** A bucket has one policy, so what is refused for all of them stands in each. */
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

/** Lets S3's log delivery write, for the archive of this account only. */
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
