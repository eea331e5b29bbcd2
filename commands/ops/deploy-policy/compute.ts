import { everything, type GrantTable, grant, named, unnamed } from "./grant";

const RELATED = "the resource names its function, role or rule by reference";
const arn = (service: string, rest: string) => `arn:aws:${service}:{region}:{account}:${rest}`;

const fn = named(arn("lambda", "function:{name}*"));
const alarm = named(arn("cloudwatch", "alarm:{name}*"));

/** Functions, their roles and logs, schedules and alarms. */
export const compute: GrantTable = {
  "aws:lambda/function:Function": [
    grant("lambda", fn, {
      read: `GetFunction GetFunctionCodeSigningConfig GetFunctionConcurrency GetFunctionConfiguration ListTags
        ListVersionsByFunction`,
      write: `CreateFunction DeleteFunction PublishVersion PutFunctionConcurrency DeleteFunctionConcurrency
        TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration`,
    }),
    grant("lambda", unnamed(RELATED, "arn:aws:lambda:{region}:*:layer:*"), { write: "GetLayerVersion" }),
  ],
  "aws:lambda/layerVersion:LayerVersion": [
    grant("lambda", named(arn("lambda", "layer:{name}*"), arn("lambda", "layer:{name}*:*")), {
      read: "GetLayerVersion",
      write: "PublishLayerVersion DeleteLayerVersion",
    }),
  ],
  "aws:lambda/permission:Permission": [
    grant("lambda", fn, { read: "GetPolicy", write: "AddPermission RemovePermission" }),
  ],
  "aws:lambda/alias:Alias": [
    grant("lambda", fn, { read: "GetAlias", write: "CreateAlias UpdateAlias DeleteAlias" }),
  ],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": [
    grant("lambda", fn, {
      read: "GetFunctionEventInvokeConfig",
      write: "PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig",
    }),
  ],
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": [
    grant("lambda", fn, {
      read: "GetProvisionedConcurrencyConfig",
      write: "PutProvisionedConcurrencyConfig DeleteProvisionedConcurrencyConfig",
    }),
  ],
  // Granted by roles.ts, with conditions that depend on the role.
  "aws:iam/role:Role": [],
  "aws:iam/rolePolicy:RolePolicy": [],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [],
  "aws:iam/policy:Policy": [
    grant("iam", named("arn:aws:iam::{account}:policy/{name}*"), {
      read: "GetPolicy GetPolicyVersion ListPolicyVersions",
      write: "CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion TagPolicy UntagPolicy",
    }),
  ],
  "aws:iam/instanceProfile:InstanceProfile": [
    grant("iam", named("arn:aws:iam::{account}:instance-profile/{name}*"), {
      read: "GetInstanceProfile",
      write: `AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile RemoveRoleFromInstanceProfile
        TagInstanceProfile UntagInstanceProfile`,
    }),
  ],
  "aws:cloudwatch/logGroup:LogGroup": [
    grant("logs", everything, { read: "DescribeLogGroups" }),
    grant("logs", named(arn("logs", "log-group:{name}*")), {
      read: "ListTagsForResource",
      write: `AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DisassociateKmsKey
        PutRetentionPolicy TagResource UntagResource`,
    }),
  ],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": [
    grant("logs", everything, {
      read: "DescribeResourcePolicies",
      write: "PutResourcePolicy DeleteResourcePolicy",
    }),
  ],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": [
    grant("logs", unnamed(RELATED, arn("logs", "log-group:*")), {
      read: "DescribeMetricFilters",
      write: "PutMetricFilter DeleteMetricFilter",
    }),
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    grant("cloudwatch", alarm, {
      read: "DescribeAlarms ListTagsForResource",
      write: "DeleteAlarms PutMetricAlarm TagResource UntagResource",
    }),
  ],
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": [
    grant("cloudwatch", alarm, {
      read: "DescribeAlarms ListTagsForResource",
      write: "DeleteAlarms PutCompositeAlarm TagResource UntagResource",
    }),
  ],
  "aws:cloudwatch/dashboard:Dashboard": [
    grant("cloudwatch", named("arn:aws:cloudwatch::{account}:dashboard/{name}*"), {
      read: "GetDashboard",
      write: "DeleteDashboards PutDashboard",
    }),
  ],
  "aws:cloudwatch/eventRule:EventRule": [
    grant("events", named(arn("events", "rule/{name}*")), {
      read: "DescribeRule ListTagsForResource",
      write: "DeleteRule DisableRule EnableRule PutRule TagResource UntagResource",
    }),
  ],
  "aws:cloudwatch/eventTarget:EventTarget": [
    grant("events", unnamed(RELATED, arn("events", "rule/*")), {
      read: "ListTargetsByRule",
      write: "PutTargets RemoveTargets",
    }),
  ],
  "aws:scheduler/scheduleGroup:ScheduleGroup": [
    grant("scheduler", named(arn("scheduler", "schedule-group/{name}*")), {
      read: "GetScheduleGroup ListTagsForResource",
      write: "CreateScheduleGroup DeleteScheduleGroup TagResource UntagResource",
    }),
  ],
  "aws:scheduler/schedule:Schedule": [
    grant(
      "scheduler",
      unnamed("a schedule's ARN begins with its group's name", arn("scheduler", "schedule/*/{name}*")),
      { read: "GetSchedule", write: "CreateSchedule DeleteSchedule UpdateSchedule" },
    ),
  ],
};
