import { UserError } from "../../../lib/error";
import { strings } from "../../../lib/json";
import { statementsOf } from "../../../policies/rules/iam";
import { merge, type PolicyDocument, type PolicyStatement } from "./document";
import type { DeployedResource } from "./grant";

/** Permissions of the AWS managed policies that the program attaches. Source: AWS managed policy reference. */
const MANAGED: Record<string, string[]> = {
  AmazonAPIGatewayPushToCloudWatchLogs: [
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:PutLogEvents",
  ],
};

/**
 * A permissions boundary for the stack's roles: the permissions of their policies together.
 *
 * @throws UserError for an attached managed policy whose permissions are unknown
 */
export function boundaryOf(resources: DeployedResource[]): PolicyDocument {
  const inline = resources
    .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
    .flatMap(({ inputs }) => statementsOf(inputs.policy))
    .map((statement): PolicyStatement => {
      const { Action, Resource, Condition } = statement;
      return {
        Effect: "Allow",
        Action: strings(Action).sort(),
        // The random characters of a name in a recording are not those that AWS will have.
        Resource: strings(Resource).map((arn) => arn.replace(/-[0-9a-f]{7}(?=$|[:/])/, "-*")),
        ...(Condition ? { Condition: Condition as PolicyStatement["Condition"] } : {}),
      };
    });
  const managed = resources
    .filter(({ type }) => type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .map(({ inputs }): PolicyStatement => {
      const actions = MANAGED[String(inputs.policyArn).split("/").at(-1) ?? ""];
      if (!actions)
        throw new UserError(`No permissions are known for ${inputs.policyArn}; write the boundary by hand.`);
      return { Effect: "Allow", Action: actions, Resource: ["*"] };
    });
  return { Version: "2012-10-17", Statement: merge([...inline, ...managed]) };
}
