/**
 * Pulumi appends a hyphen and 7 hexadecimal digits to a logical name, so that a replacement never has the name of the
 * resource it replaces.
 */
const AUTONAME_SUFFIX = 8;

/**
 * Maximum length of a name. Sources: Elastic Load Balancing API reference (CreateLoadBalancer, CreateTargetGroup), Lambda
 * (CreateFunction), IAM (CreateRole, PutRolePolicy, CreateInstanceProfile), EventBridge Scheduler (CreateScheduleGroup,
 * CreateSchedule), S3 ("Bucket naming rules"), CloudWatch (PutMetricAlarm), EC2 (CreateSecurityGroup,
 * CreateLaunchTemplate), EC2 Auto Scaling (CreateAutoScalingGroup, PutScalingPolicy), WAF (CreateWebACL, CreateIPSet),
 * Systems Manager (CreateDocument). AWS documents none for REST APIs and their VPC links.
 */
export const NAME_LIMITS = {
  loadBalancer: 32,
  targetGroup: 32,
  function: 64,
  role: 64,
  scheduleGroup: 64,
  schedule: 64,
  bucket: 63,
  alarm: 255,
  rolePolicy: 128,
  instanceProfile: 128,
  securityGroup: 255,
  launchTemplate: 128,
  scalingGroup: 255,
  scalingPolicy: 255,
  webAcl: 128,
  ipSet: 128,
  document: 128,
} as const;

/** Why the physical name that Pulumi generates from a logical name would be too long; undefined when it fits. */
export function nameProblem(kind: keyof typeof NAME_LIMITS, name: string): string | undefined {
  const limit = NAME_LIMITS[kind] - AUTONAME_SUFFIX;
  if (name.length <= limit) return undefined;
  return `${kind} name ${name} has ${name.length} characters; at most ${limit} are allowed (AWS allows ${NAME_LIMITS[kind]}, Pulumi appends ${AUTONAME_SUFFIX})`;
}

/** Returns the logical name. @throws Error when it is too long */
export function limitedName(kind: keyof typeof NAME_LIMITS, name: string): string {
  const problem = nameProblem(kind, name);
  if (problem !== undefined) throw new Error(problem);
  return name;
}

/** Logical name of a level's authorizer and, with `-function`, of its Lambda function. */
export const authorizerName = (stage: string, level: string) => `${stage}-${level}-authorizer`;

/** Empty for index 0, then `-2`, `-3`, … */
export function ordinalSuffix(index: number): string {
  return index === 0 ? "" : `-${index + 1}`;
}
