import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type ProxyConfiguration, proxyName, renderConfiguration } from "./nginx";
import { installScript, userData } from "./nginx/install";
import { PscBackend } from "./psc-backend";
import { type HealthCheckSource, PscHealthAccess } from "./psc-health-access";
import { PscProxyRole } from "./psc-proxy-role";

export interface PscProxyArgs {
  /** What the proxies do; the same for all of them. */
  configuration: ProxyConfiguration;
  vpcId: pulumi.Input<string>;
  /** Private subnets, one per zone, with a way to the partner and to AWS through a NAT gateway or endpoints. */
  subnetIds: pulumi.Input<string>[];
  /** The load balancers whose health checks the proxies admit. */
  loadBalancers: HealthCheckSource[];
  /** Security groups that admit the load balancers on the services' ports. */
  backendSecurityGroupIds: pulumi.Input<string>[];
  /** Where the partners' machines are. */
  partners: PartnerRange[];
  /**
   * Where AWS's own services are reached by HTTPS: CIDR ranges, security groups of interface endpoints (`sg-…`), prefix
   * lists of gateway endpoints (`pl-…`). Default: anywhere, since AWS has no fixed addresses for Systems Manager,
   * CloudWatch Logs and the package repository (in S3).
   */
  awsEndpoints?: string[];
  /** Instance type with an Arm processor. Default: t4g.small. */
  instanceType?: string;
  /** Number of proxies in quiet times. Default: 1. */
  minSize?: number;
  /** Number of proxies at most. Default: one more than `minSize`. */
  maxSize?: number;
  /** Public addresses of the NAT gateways by which the proxies call the partners, where they are known. */
  natAddresses?: pulumi.Input<pulumi.Input<string>[]>;
  /** Days the logs are kept. */
  logRetentionDays: number;
  tags?: Record<string, string>;
}

/** Addresses and a port that the proxies may call. */
export interface PartnerRange {
  /** IPv4 CIDR range. */
  cidr: string;
  port: number;
}

/** Amazon Linux 2023 for Arm, looked up by EC2 at each launch: a new image changes nothing here. */
const IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

/** A machine is replaced after this many seconds, to take up a newer image. */
const LIFETIME = 30 * 24 * 3600;

/**
 * The stage's own reverse proxies: an Auto Scaling group over its zones. The configuration is in the launch template,
 * so that a change of it (and nothing else) replaces the instances, each by one that has become healthy.
 *
 * There is no automatic rollback: AWS offers none for an image by SSM parameter. None is needed either: an instance
 * that does not become healthy replaces nobody.
 * Source: Amazon EC2 Auto Scaling user guide, "Undo changes with a manual or auto rollback".
 */
export class PscProxy extends pulumi.ComponentResource {
  readonly group: aws.autoscaling.Group;
  /** For each service behind these proxies. */
  readonly backend: PscBackend;
  /** What to tell the partners, in one sentence. */
  readonly partnerAdmits: pulumi.Output<string>;

  constructor(name: string, args: PscProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:PscProxy", name, {}, opts);
    const parent = this;
    const { configuration, vpcId, logRetentionDays, tags } = args;
    const { minSize, maxSize } = normalizeSize();
    const rendered = renderConfiguration(configuration);
    const logGroupName = `/gateway/${name}`;

    const logGroup = createLogGroup();
    const role = new PscProxyRole(name, { logGroup, tags }, { parent });
    const healthAccess = new PscHealthAccess(
      `${name}-health`,
      { vpcId, healthPort: configuration.healthPort, loadBalancers: args.loadBalancers, tags },
      { parent },
    );
    const outbound = createOutbound();
    const template = createLaunchTemplate();
    this.group = createGroup();
    createScaling(this.group);
    this.backend = new PscBackend({ healthPort: configuration.healthPort, proxies: this.group });
    this.partnerAdmits = normalizePartnerAdmits();
    this.registerOutputs({
      configuration,
      configurationId: rendered.id,
      groupName: this.group.name,
      partnerAdmits: this.partnerAdmits,
    });

    /** One more than the least at any time: a replacement starts before what it replaces ends. */
    function normalizeSize() {
      const minSize = args.minSize ?? 1;
      const maxSize = args.maxSize ?? minSize + 1;
      if (maxSize <= minSize) {
        throw new Error(
          `${name}: maxSize is ${maxSize}, minSize ${minSize}; it must be larger, or no proxy can be replaced without a gap`,
        );
      }
      return { minSize, maxSize };
    }

    function normalizePartnerAdmits(): pulumi.Output<string> {
      const wants = args.partners.map(({ cidr, port }) => `TCP port ${port} of ${cidr}`).join(", ");
      return pulumi
        .output(args.natAddresses ?? [])
        .apply((addresses) =>
          addresses.length > 0
            ? `The partner's firewall must admit ${addresses.join(" and ")} to ${wants}.`
            : `The partner's firewall must admit the public addresses of the NAT gateways of the proxies' subnets to ${wants}; name them in gateway:psc.natAddresses.`,
        );
    }

    function createLogGroup(): aws.cloudwatch.LogGroup {
      return new aws.cloudwatch.LogGroup(
        `${name}-logs`,
        { name: logGroupName, retentionInDays: logRetentionDays, tags },
        { parent },
      );
    }

    /** Out to the partners and to AWS. Amazon's DNS and time servers are reached without a rule. */
    function createOutbound(): { group: aws.ec2.SecurityGroup; rules: pulumi.Resource[] } {
      const group = new aws.ec2.SecurityGroup(
        `${name}-sg`,
        {
          vpcId,
          description: "Lets the PSC proxies out to the partners and to AWS",
          tags: { ...tags, Name: name },
        },
        { parent },
      );
      const partners = distinct(args.partners).map(
        ({ cidr, port }) =>
          new aws.vpc.SecurityGroupEgressRule(
            `${name}-egress-${port}-${cidr.replace("/", "-")}`,
            {
              securityGroupId: group.id,
              cidrIpv4: cidr,
              ipProtocol: "tcp",
              fromPort: port,
              toPort: port,
              description: "To a partner",
              tags,
            },
            { parent },
          ),
      );
      const endpoints = (args.awsEndpoints ?? ["0.0.0.0/0"]).map(
        (endpoint) =>
          new aws.vpc.SecurityGroupEgressRule(
            `${name}-egress-aws-${endpoint.replace("/", "-")}`,
            {
              securityGroupId: group.id,
              ...destination(endpoint),
              ipProtocol: "tcp",
              fromPort: 443,
              toPort: 443,
              description: "To Systems Manager, CloudWatch Logs and the package repository",
              tags,
            },
            { parent },
          ),
      );
      return { group, rules: [...partners, ...endpoints] };
    }

    function createLaunchTemplate(): aws.ec2.LaunchTemplate {
      const script = installScript({
        configuration,
        rendered,
        logGroup: logGroupName,
        installAgent: true,
      });
      return new aws.ec2.LaunchTemplate(
        `${name}-template`,
        {
          description: `${proxyName(configuration.stage)}, configuration ${rendered.id}`,
          imageId: IMAGE,
          instanceType: args.instanceType ?? "t4g.small",
          iamInstanceProfile: { arn: role.profile.arn },
          userData: userData(script),
          metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
          networkInterfaces: [
            {
              deviceIndex: 0,
              associatePublicIpAddress: "false",
              deleteOnTermination: "true",
              securityGroups: [
                outbound.group.id,
                healthAccess.securityGroup.id,
                ...args.backendSecurityGroupIds,
              ],
            },
          ],
          blockDeviceMappings: [
            {
              deviceName: "/dev/xvda",
              ebs: { volumeType: "gp3", volumeSize: 10, encrypted: "true", deleteOnTermination: "true" },
            },
          ],
          tagSpecifications: ["instance", "volume"].map((resourceType) => ({
            resourceType,
            tags: { ...tags, Name: name },
          })),
          tags,
        },
        { parent },
      );
    }

    function createGroup(): aws.autoscaling.Group {
      return new aws.autoscaling.Group(
        `${name}-proxies`,
        {
          vpcZoneIdentifiers: args.subnetIds,
          minSize,
          maxSize,
          // A numbered version: a refresh starts when the number changes, never for $Latest.
          launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
          healthCheckType: "ELB",
          healthCheckGracePeriod: 300,
          defaultInstanceWarmup: 60,
          maxInstanceLifetime: LIFETIME,
          instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 200 },
          instanceRefresh: {
            strategy: "Rolling",
            preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 200, skipMatching: true },
          },
          tags: Object.entries({ ...tags, Name: name }).map(([key, value]) => ({
            key,
            value,
            // The launch template tags instances and volumes.
            propagateAtLaunch: false,
          })),
        },
        // An instance needs its role and its way out from its first boot to its last request.
        { parent, dependsOn: [role, healthAccess, ...outbound.rules] },
      );
    }

    function createScaling(group: aws.autoscaling.Group): void {
      new aws.autoscaling.Policy(
        `${name}-scaling`,
        {
          autoscalingGroupName: group.name,
          policyType: "TargetTrackingScaling",
          targetTrackingConfiguration: {
            predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
            targetValue: 50,
          },
        },
        { parent },
      );
    }
  }
}

/** A rule's other side, by the form of its name. */
function destination(endpoint: string) {
  if (endpoint.startsWith("sg-")) return { referencedSecurityGroupId: endpoint };
  if (endpoint.startsWith("pl-")) return { prefixListId: endpoint };
  return endpoint.includes(":") ? { cidrIpv6: endpoint } : { cidrIpv4: endpoint };
}

/** AWS refuses a rule that is there already. */
function distinct(ranges: PartnerRange[]): PartnerRange[] {
  return [...new Map(ranges.map((range) => [`${range.cidr} ${range.port}`, range])).values()];
}
