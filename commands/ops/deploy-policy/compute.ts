import { type Grant, type GrantTable, NO_RESOURCE } from "./grant";

const fn = "arn:aws:lambda:{region}:{account}:function:{name}*";
const layer = ["arn:aws:lambda:{region}:{account}:layer:{name}*"];
const logGroup = ["arn:aws:logs:{region}:{account}:log-group:{name}*"];
const role = "arn:aws:iam::{account}:role/{name}*";
const anyRole = "arn:aws:iam::{account}:role/*";
const RELATED = "the resource names its function, role or rule by reference";

const passRole = (...passedTo: string[]): Grant => ({
  write: ["iam:PassRole"],
  on: anyRole,
  because: "the role is this stack's own, named by reference; the condition limits whom it is handed to",
  passedTo,
});

/** Functions, their roles and logs, schedules and alarms. */
export const compute: GrantTable = {
  "aws:lambda/function:Function": [
    {
      read: [
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionConcurrency",
        "lambda:GetFunctionConfiguration",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
      ],
      write: [
        "lambda:CreateFunction",
        "lambda:DeleteFunction",
        "lambda:PublishVersion",
        "lambda:PutFunctionConcurrency",
        "lambda:DeleteFunctionConcurrency",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
      ],
      on: fn,
    },
    { write: ["lambda:GetLayerVersion"], on: "arn:aws:lambda:{region}:*:layer:*", because: RELATED },
    passRole("lambda.amazonaws.com"),
  ],
  "aws:lambda/layerVersion:LayerVersion": [
    {
      read: ["lambda:GetLayerVersion"],
      write: ["lambda:PublishLayerVersion", "lambda:DeleteLayerVersion"],
      on: [...layer, ...layer.map((arn) => `${arn}:*`)],
    },
  ],
  "aws:lambda/permission:Permission": [
    {
      read: ["lambda:GetPolicy"],
      write: ["lambda:AddPermission", "lambda:RemovePermission"],
      on: "arn:aws:lambda:{region}:{account}:function:*",
      because: RELATED,
    },
  ],
  "aws:lambda/alias:Alias": [
    {
      read: ["lambda:GetAlias"],
      write: ["lambda:CreateAlias", "lambda:UpdateAlias", "lambda:DeleteAlias"],
      on: "arn:aws:lambda:{region}:{account}:function:*",
      because: RELATED,
    },
  ],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": [
    {
      read: ["lambda:GetFunctionEventInvokeConfig"],
      write: [
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:UpdateFunctionEventInvokeConfig",
        "lambda:DeleteFunctionEventInvokeConfig",
      ],
      on: "arn:aws:lambda:{region}:{account}:function:*",
      because: RELATED,
    },
  ],
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": [
    {
      read: ["lambda:GetProvisionedConcurrencyConfig"],
      write: ["lambda:PutProvisionedConcurrencyConfig", "lambda:DeleteProvisionedConcurrencyConfig"],
      on: "arn:aws:lambda:{region}:{account}:function:*",
      because: RELATED,
    },
  ],
  "aws:iam/role:Role": [
    {
      read: [
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
        "iam:ListRoleTags",
      ],
      write: [
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePolicy",
        "iam:AttachRolePolicy",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
      on: role,
    },
  ],
  "aws:iam/rolePolicy:RolePolicy": [
    {
      read: ["iam:GetRolePolicy"],
      write: ["iam:PutRolePolicy", "iam:DeleteRolePolicy"],
      on: role,
    },
  ],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [
    {
      read: ["iam:ListAttachedRolePolicies"],
      write: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
      on: role,
    },
  ],
  "aws:iam/policy:Policy": [
    {
      read: ["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions"],
      write: [
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:TagPolicy",
        "iam:UntagPolicy",
      ],
      on: "arn:aws:iam::{account}:policy/{name}*",
    },
  ],
  "aws:iam/instanceProfile:InstanceProfile": [
    {
      read: ["iam:GetInstanceProfile"],
      write: [
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
        "iam:UntagInstanceProfile",
      ],
      on: "arn:aws:iam::{account}:instance-profile/{name}*",
    },
    passRole("ec2.amazonaws.com"),
  ],
  "aws:cloudwatch/logGroup:LogGroup": [
    { read: ["logs:DescribeLogGroups"], on: "*", because: NO_RESOURCE },
    {
      read: ["logs:ListTagsForResource"],
      write: [
        "logs:AssociateKmsKey",
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteRetentionPolicy",
        "logs:DisassociateKmsKey",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ],
      on: logGroup,
    },
  ],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": [
    {
      read: ["logs:DescribeResourcePolicies"],
      write: ["logs:PutResourcePolicy", "logs:DeleteResourcePolicy"],
      on: "*",
      because: NO_RESOURCE,
    },
  ],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": [
    {
      read: ["logs:DescribeMetricFilters"],
      write: ["logs:PutMetricFilter", "logs:DeleteMetricFilter"],
      on: "arn:aws:logs:{region}:{account}:log-group:*",
      because: RELATED,
    },
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    {
      read: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
      write: [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
      ],
      on: "arn:aws:cloudwatch:{region}:{account}:alarm:{name}*",
    },
  ],
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": [
    {
      read: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
      write: [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutCompositeAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
      ],
      on: "arn:aws:cloudwatch:{region}:{account}:alarm:{name}*",
    },
  ],
  "aws:cloudwatch/dashboard:Dashboard": [
    {
      read: ["cloudwatch:GetDashboard"],
      write: ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
      on: "arn:aws:cloudwatch::{account}:dashboard/{name}*",
    },
  ],
  "aws:cloudwatch/eventRule:EventRule": [
    {
      read: ["events:DescribeRule", "events:ListTagsForResource"],
      write: [
        "events:DeleteRule",
        "events:DisableRule",
        "events:EnableRule",
        "events:PutRule",
        "events:TagResource",
        "events:UntagResource",
      ],
      on: "arn:aws:events:{region}:{account}:rule/{name}*",
    },
  ],
  "aws:cloudwatch/eventTarget:EventTarget": [
    {
      read: ["events:ListTargetsByRule"],
      write: ["events:PutTargets", "events:RemoveTargets"],
      on: "arn:aws:events:{region}:{account}:rule/*",
      because: RELATED,
    },
  ],
  "aws:scheduler/scheduleGroup:ScheduleGroup": [
    {
      read: ["scheduler:GetScheduleGroup", "scheduler:ListTagsForResource"],
      write: [
        "scheduler:CreateScheduleGroup",
        "scheduler:DeleteScheduleGroup",
        "scheduler:TagResource",
        "scheduler:UntagResource",
      ],
      on: "arn:aws:scheduler:{region}:{account}:schedule-group/{name}*",
    },
  ],
  "aws:scheduler/schedule:Schedule": [
    {
      read: ["scheduler:GetSchedule"],
      write: ["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:UpdateSchedule"],
      on: "arn:aws:scheduler:{region}:{account}:schedule/*/{name}*",
      because: "a schedule's ARN begins with its group's name",
    },
    passRole("scheduler.amazonaws.com"),
  ],
};
