import { type GrantTable, NO_RESOURCE } from "./grant";

const bucket = "arn:aws:s3:::{name}*";
const objects = "arn:aws:s3:::{name}*/*";
const secret = "arn:aws:secretsmanager:{region}:{account}:secret:{name}*";
const key = "arn:aws:kms:{region}:{account}:key/*";
const KEY_IDS = "a key's id is AWS's own, unknown until the key stands";

/** Reads of every aspect of a bucket that the provider looks at on refresh. */
const readBucket = [
  "s3:GetAccelerateConfiguration",
  "s3:GetBucketAcl",
  "s3:GetBucketCORS",
  "s3:GetBucketLogging",
  "s3:GetBucketObjectLockConfiguration",
  "s3:GetBucketOwnershipControls",
  "s3:GetBucketPolicy",
  "s3:GetBucketPublicAccessBlock",
  "s3:GetBucketRequestPayment",
  "s3:GetBucketTagging",
  "s3:GetBucketVersioning",
  "s3:GetBucketWebsite",
  "s3:GetEncryptionConfiguration",
  "s3:GetLifecycleConfiguration",
  "s3:GetReplicationConfiguration",
  "s3:ListBucket",
];

const bucketAspect = (read: string[], write: string[]) => [
  { read: [...read, "s3:ListBucket"], write, on: bucket },
];

/** Where releases, secrets and notices are kept. */
export const storage: GrantTable = {
  "aws:s3/bucket:Bucket": [
    { read: readBucket, write: ["s3:CreateBucket", "s3:DeleteBucket", "s3:PutBucketTagging"], on: bucket },
    // `npm run ops -- release` and `restore`.
    { read: ["s3:GetObject", "s3:GetObjectVersion"], write: ["s3:PutObject"], on: objects },
  ],
  "aws:s3/bucketAcl:BucketAcl": bucketAspect(["s3:GetBucketAcl"], ["s3:PutBucketAcl"]),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketAspect(
    ["s3:GetLifecycleConfiguration"],
    ["s3:PutLifecycleConfiguration"],
  ),
  "aws:s3/bucketLogging:BucketLogging": bucketAspect(["s3:GetBucketLogging"], ["s3:PutBucketLogging"]),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketAspect(
    ["s3:GetBucketOwnershipControls"],
    ["s3:PutBucketOwnershipControls"],
  ),
  "aws:s3/bucketPolicy:BucketPolicy": bucketAspect(
    ["s3:GetBucketPolicy"],
    ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"],
  ),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketAspect(
    ["s3:GetBucketPublicAccessBlock"],
    ["s3:PutBucketPublicAccessBlock"],
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketAspect(
    ["s3:GetEncryptionConfiguration"],
    ["s3:PutEncryptionConfiguration"],
  ),
  "aws:s3/bucketVersioning:BucketVersioning": bucketAspect(
    ["s3:GetBucketVersioning"],
    ["s3:PutBucketVersioning"],
  ),
  "aws:s3/bucketObject:BucketObject": [
    {
      read: ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion"],
      write: ["s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject", "s3:DeleteObjectVersion"],
      on: "arn:aws:s3:::*/*",
      because: "an object names its bucket by reference",
    },
  ],
  "aws:s3/bucketObjectv2:BucketObjectv2": [
    {
      read: ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion"],
      write: ["s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject", "s3:DeleteObjectVersion"],
      on: "arn:aws:s3:::*/*",
      because: "an object names its bucket by reference",
    },
  ],
  "aws:kms/key:Key": [
    { write: ["kms:CreateKey"], on: "*", because: NO_RESOURCE },
    {
      read: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
      write: [
        "kms:EnableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateKeyDescription",
      ],
      on: key,
      because: KEY_IDS,
    },
  ],
  "aws:kms/alias:Alias": [
    { read: ["kms:ListAliases"], on: "*", because: NO_RESOURCE },
    {
      write: ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
      on: ["arn:aws:kms:{region}:{account}:alias/*", key],
      because: KEY_IDS,
    },
  ],
  "aws:secretsmanager/secret:Secret": [
    {
      read: ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
      write: [
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
        "secretsmanager:TagResource",
        "secretsmanager:UntagResource",
        "secretsmanager:UpdateSecret",
      ],
      on: secret,
    },
  ],
  "aws:secretsmanager/secretVersion:SecretVersion": [
    {
      read: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      write: ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"],
      on: "arn:aws:secretsmanager:{region}:{account}:secret:*",
      because: "a version names its secret by reference",
    },
  ],
  "aws:ssm/parameter:Parameter": [
    { read: ["ssm:DescribeParameters"], on: "*", because: NO_RESOURCE },
    {
      read: ["ssm:GetParameter", "ssm:GetParameters", "ssm:ListTagsForResource"],
      write: [
        "ssm:AddTagsToResource",
        "ssm:DeleteParameter",
        "ssm:PutParameter",
        "ssm:RemoveTagsFromResource",
      ],
      on: "arn:aws:ssm:{region}:{account}:parameter/{name}*",
    },
  ],
  "aws:ssm/document:Document": [
    {
      read: [
        "ssm:DescribeDocument",
        "ssm:DescribeDocumentPermission",
        "ssm:GetDocument",
        "ssm:ListTagsForResource",
      ],
      write: [
        "ssm:AddTagsToResource",
        "ssm:CreateDocument",
        "ssm:DeleteDocument",
        "ssm:ModifyDocumentPermission",
        "ssm:RemoveTagsFromResource",
        "ssm:UpdateDocument",
        "ssm:UpdateDocumentDefaultVersion",
      ],
      on: "arn:aws:ssm:{region}:{account}:document/{name}*",
    },
  ],
  "aws:ssm/association:Association": [
    {
      read: ["ssm:DescribeAssociation", "ssm:ListTagsForResource"],
      write: [
        "ssm:AddTagsToResource",
        "ssm:CreateAssociation",
        "ssm:DeleteAssociation",
        "ssm:RemoveTagsFromResource",
        "ssm:UpdateAssociation",
      ],
      on: [
        "arn:aws:ssm:{region}:{account}:association/*",
        "arn:aws:ssm:{region}:{account}:document/*",
        "arn:aws:ec2:{region}:{account}:instance/*",
      ],
      because: "an association's id is AWS's own; it names its document and instances by reference",
    },
  ],
  "aws:sns/topic:Topic": [
    {
      read: ["sns:GetTopicAttributes", "sns:ListTagsForResource"],
      write: [
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:SetTopicAttributes",
        "sns:TagResource",
        "sns:UntagResource",
      ],
      on: "arn:aws:sns:{region}:{account}:{name}*",
    },
  ],
  "aws:sns/topicPolicy:TopicPolicy": [
    {
      read: ["sns:GetTopicAttributes"],
      write: ["sns:SetTopicAttributes"],
      on: "arn:aws:sns:{region}:{account}:*",
      because: "a topic's policy names its topic by reference",
    },
  ],
  "aws:sns/topicSubscription:TopicSubscription": [
    {
      read: ["sns:GetSubscriptionAttributes"],
      write: ["sns:SetSubscriptionAttributes", "sns:Subscribe", "sns:Unsubscribe"],
      on: "arn:aws:sns:{region}:{account}:*",
      because: "a subscription names its topic by reference",
    },
  ],
  "aws:sqs/queue:Queue": [
    {
      read: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
      write: [
        "sqs:CreateQueue",
        "sqs:DeleteQueue",
        "sqs:SetQueueAttributes",
        "sqs:TagQueue",
        "sqs:UntagQueue",
      ],
      on: "arn:aws:sqs:{region}:{account}:{name}*",
    },
  ],
};
