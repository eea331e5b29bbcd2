import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ReleaseArchive } from "../../../components/operations/release-archive";
import { policyFindings } from "../../../policies/findings";

interface Declared {
  type: string;
  name: string;
  id: string;
  inputs: Record<string, unknown>;
}

/** Runs the component under mocks that name a bucket after its logical name, and refuse any invoke. */
async function declare(): Promise<{ declared: Declared[]; bucket: string }> {
  const declared: Declared[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        const id = `${name}-1a2b3c4`;
        if (type.startsWith("aws:")) declared.push({ type, name, id, inputs });
        return { id, state: { ...inputs, bucket: inputs.bucket ?? id, arn: `arn:aws:s3:::${id}` } };
      },
      call({ token }) {
        throw new Error(`unexpected ${token}`);
      },
    },
    "gateway",
    "prod",
  );
  const archive = new ReleaseArchive("prod-releases", {
    logRetentionDays: 90,
    protect: true,
  });
  const bucket = await new Promise<string>((resolve) => archive.bucket.bucket.apply(resolve));
  await pulumi.runtime.disconnect();
  return { declared, bucket };
}

describe("The release archive", () => {
  let declared: Declared[];
  let bucket: string;
  before(async () => {
    ({ declared, bucket } = await declare());
  });
  const of = (type: string, name: string) => {
    const found = declared.find((one) => one.type.endsWith(`:${type}`) && one.name === name);
    assert.ok(found, `${type} ${name} is missing`);
    return found.inputs;
  };

  it("keeps every version, for a year after it was overwritten", () => {
    assert.equal(bucket, "prod-releases-archive-1a2b3c4");
    assert.deepEqual(of("BucketVersioning", "prod-releases-versioning"), {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    const { rules } = of("BucketLifecycleConfiguration", "prod-releases-old-versions") as {
      rules: { noncurrentVersionExpiration: unknown; expiration?: unknown }[];
    };
    assert.deepEqual(rules[0]?.noncurrentVersionExpiration, { noncurrentDays: 365 });
    assert.equal(rules[0]?.expiration, undefined, "the current version must never expire");
  });

  it("removes the parts of uploads that were not completed, from both buckets", () => {
    for (const name of ["prod-releases-old-versions", "prod-releases-log-expiry"]) {
      const { rules } = of("BucketLifecycleConfiguration", name) as { rules: Record<string, unknown>[] };
      assert.deepEqual(rules[0]?.abortIncompleteMultipartUpload, { daysAfterInitiation: 7 }, name);
    }
  });

  it("encrypts the archive with KMS and its log with what log delivery can write", () => {
    const algorithm = (name: string) => JSON.stringify(of("BucketServerSideEncryptionConfiguration", name));
    assert.match(algorithm("prod-releases-archive-encryption"), /"sseAlgorithm":"aws:kms"/);
    assert.match(algorithm("prod-releases-log-encryption"), /"sseAlgorithm":"AES256"/);
  });

  it("logs every access to the archive into a bucket that only S3's log delivery of this archive may write", () => {
    assert.deepEqual(of("BucketLogging", "prod-releases-logging"), {
      bucket,
      targetBucket: "prod-releases-log-1a2b3c4",
      targetPrefix: "access/",
    });
    const { Statement } = JSON.parse(String(of("BucketPolicy", "prod-releases-log-policy").policy));
    assert.deepEqual(Statement[1], {
      Sid: "AccessLog",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::prod-releases-log-1a2b3c4/access/*",
      Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::prod-releases-archive-1a2b3c4" } },
    });
  });

  it("admits nobody to the archive by its policy, and nobody at all without TLS", () => {
    const { Statement } = JSON.parse(String(of("BucketPolicy", "prod-releases-archive-policy").policy));
    assert.equal(Statement.length, 1);
    assert.equal(Statement[0].Effect, "Deny");
    assert.deepEqual(Statement[0].Condition, { Bool: { "aws:SecureTransport": "false" } });
  });

  it("keeps the policies of every stack", () => {
    const resources = declared.map((one) => ({
      ...one,
      urn: `urn:pulumi:prod::gateway::${one.type}::${one.name}`,
    }));
    const untagged = policyFindings(resources, { stage: "prod" }).filter(
      ({ rule }) => rule !== "policy-tagged",
    );
    assert.deepEqual(untagged, []);
    assert.equal(declared.filter(({ type }) => type === "aws:s3/bucket:Bucket").length, 2);
  });
});
