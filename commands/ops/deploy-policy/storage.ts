import { everything, type GrantTable, grant, named, unnamed } from "./grant";

const arn = (service: string, rest: string) => `arn:aws:${service}:{region}:{account}:${rest}`;
const key = arn("kms", "key/*");
const KEY_IDS = "AWS chooses a key's id when it creates the key";

const bucket = named("arn:aws:s3:::{name}*");
/** A setting of a bucket, as a resource of its own. */
const bucketSetting = (read: string, write: string) => [
  grant("s3", bucket, { read: `${read} ListBucket`, write }),
];
const bucketObject = [
  grant("s3", unnamed("an object names its bucket by reference", "arn:aws:s3:::*/*"), {
    read: "GetObject GetObjectTagging GetObjectVersion",
    write: "PutObject PutObjectTagging DeleteObject DeleteObjectVersion",
  }),
];

/** Where releases, secrets and notifications are kept. */
export const storage: GrantTable = {
  "aws:s3/bucket:Bucket": [
    grant("s3", bucket, {
      // Every setting of a bucket that the provider reads on refresh.
      read: `GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLogging
        GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPublicAccessBlock
        GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration
        GetLifecycleConfiguration GetReplicationConfiguration ListBucket`,
      write: "CreateBucket DeleteBucket PutBucketTagging",
    }),
    // `npm run ops -- release` and `restore`.
    grant("s3", named("arn:aws:s3:::{name}*/*"), { read: "GetObject GetObjectVersion", write: "PutObject" }),
  ],
  "aws:s3/bucketAcl:BucketAcl": bucketSetting("GetBucketAcl", "PutBucketAcl"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketSetting(
    "GetLifecycleConfiguration",
    "PutLifecycleConfiguration",
  ),
  "aws:s3/bucketLogging:BucketLogging": bucketSetting("GetBucketLogging", "PutBucketLogging"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketSetting(
    "GetBucketOwnershipControls",
    "PutBucketOwnershipControls",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": bucketSetting("GetBucketPolicy", "PutBucketPolicy DeleteBucketPolicy"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketSetting(
    "GetBucketPublicAccessBlock",
    "PutBucketPublicAccessBlock",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketSetting(
    "GetEncryptionConfiguration",
    "PutEncryptionConfiguration",
  ),
  "aws:s3/bucketVersioning:BucketVersioning": bucketSetting("GetBucketVersioning", "PutBucketVersioning"),
  "aws:s3/bucketObject:BucketObject": bucketObject,
  "aws:s3/bucketObjectv2:BucketObjectv2": bucketObject,
  "aws:kms/key:Key": [
    grant("kms", everything, { write: "CreateKey" }),
    grant("kms", unnamed(KEY_IDS, key), {
      read: "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags",
      write: `EnableKeyRotation PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource
        UpdateKeyDescription`,
    }),
  ],
  "aws:kms/alias:Alias": [
    grant("kms", everything, { read: "ListAliases" }),
    grant("kms", unnamed(KEY_IDS, arn("kms", "alias/*"), key), {
      write: "CreateAlias DeleteAlias UpdateAlias",
    }),
  ],
  "aws:secretsmanager/secret:Secret": [
    grant("secretsmanager", named(arn("secretsmanager", "secret:{name}*")), {
      read: "DescribeSecret GetResourcePolicy",
      write: "CreateSecret DeleteSecret TagResource UntagResource UpdateSecret",
    }),
  ],
  "aws:secretsmanager/secretVersion:SecretVersion": [
    grant(
      "secretsmanager",
      unnamed("a version names its secret by reference", arn("secretsmanager", "secret:*")),
      { read: "DescribeSecret GetSecretValue", write: "PutSecretValue UpdateSecretVersionStage" },
    ),
  ],
  "aws:ssm/parameter:Parameter": [
    grant("ssm", everything, { read: "DescribeParameters" }),
    grant("ssm", named(arn("ssm", "parameter/{name}*")), {
      read: "GetParameter GetParameters ListTagsForResource",
      write: "AddTagsToResource DeleteParameter PutParameter RemoveTagsFromResource",
    }),
  ],
  "aws:ssm/document:Document": [
    grant("ssm", named(arn("ssm", "document/{name}*")), {
      read: "DescribeDocument DescribeDocumentPermission GetDocument ListTagsForResource",
      write: `AddTagsToResource CreateDocument DeleteDocument ModifyDocumentPermission RemoveTagsFromResource
        UpdateDocument UpdateDocumentDefaultVersion`,
    }),
  ],
  "aws:ssm/association:Association": [
    grant(
      "ssm",
      unnamed(
        "AWS chooses an association's id; it names its document and instances by reference",
        arn("ssm", "association/*"),
        arn("ssm", "document/*"),
        arn("ec2", "instance/*"),
      ),
      {
        read: "DescribeAssociation ListTagsForResource",
        write: `AddTagsToResource CreateAssociation DeleteAssociation RemoveTagsFromResource
          UpdateAssociation`,
      },
    ),
  ],
  "aws:sns/topic:Topic": [
    grant("sns", named(arn("sns", "{name}*")), {
      read: "GetTopicAttributes ListTagsForResource",
      write: "CreateTopic DeleteTopic SetTopicAttributes TagResource UntagResource",
    }),
  ],
  "aws:sns/topicPolicy:TopicPolicy": [
    grant("sns", unnamed("a topic's policy names its topic by reference", arn("sns", "*")), {
      read: "GetTopicAttributes",
      write: "SetTopicAttributes",
    }),
  ],
  "aws:sns/topicSubscription:TopicSubscription": [
    grant("sns", unnamed("a subscription names its topic by reference", arn("sns", "*")), {
      read: "GetSubscriptionAttributes",
      write: "SetSubscriptionAttributes Subscribe Unsubscribe",
    }),
  ],
  "aws:sqs/queue:Queue": [
    grant("sqs", named(arn("sqs", "{name}*")), {
      read: "GetQueueAttributes GetQueueUrl ListQueueTags",
      write: "CreateQueue DeleteQueue SetQueueAttributes TagQueue UntagQueue",
    }),
  ],
};
