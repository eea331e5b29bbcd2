import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A role's trust policy for one AWS service, e.g. lambda.amazonaws.com. */
export function trustPolicy(
  service: string,
  condition?: Record<string, Record<string, pulumi.Input<string>>>,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: service },
        ...(condition && { Condition: condition }),
      },
    ],
  });
}

/** The partition of the provider's region, e.g. aws or aws-us-gov, for ARNs without a resource to take them from. */
export function partition(parent: pulumi.Resource): pulumi.Output<string> {
  return aws.getPartitionOutput({}, { parent }).partition;
}
