import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { limitedName } from "../../names";
import { type ProxyConfiguration, proxyName, renderConfiguration } from "./nginx";
import { installScript, userData } from "./nginx/install";
import { PscBackend } from "./psc-backend";
import { PscProxyRole } from "./psc-proxy-role";

export interface PscProxyArgs {
  /** Configuration of Nginx, the same on all instances. */
  configuration: ProxyConfiguration;
  vpcId: pulumi.Input<string>;
  /** Private subnets, one per zone, that reach the partner and AWS through a NAT gateway or VPC endpoints. */
  subnetIds: pulumi.Input<string>[];
  /** IDs of the security groups that allow the load balancers on the services' ports. */
  backendSecurityGroupIds: pulumi.Input<string>[];
  /** Destinations at the partners. */
  partners: PartnerRange[];
  /**
   * HTTPS destinations for AWS services: CIDR ranges, security groups of interface endpoints (`sg-…`), prefix lists of
   * gateway endpoints (`pl-…`). Default: 0.0.0.0/0, since Systems Manager, CloudWatch Logs and the package repository
   * in S3 have no fixed addresses.
   */
  awsEndpoints?: string[];
  /** Instance type with an Arm processor, e.g. t4g.small. */
  instanceType: string;
  /** Minimum number of instances. */
  minSize: number;
  /** Maximum number of instances; more than `minSize`, because a replacement starts before the old instance ends. */
  maxSize: number;
  /** Public addresses of the NAT gateways through which the proxies call the partners. Default: unknown. */
  natAddresses?: pulumi.Input<pulumi.Input<string>[]>;
  /** Retention of the logs, in days. */
  logRetentionDays: number;
  tags?: Record<string, string>;
}

/** Addresses and a port to which the proxies may connect. */
export interface PartnerRange {
  /** IPv4 CIDR range. */
  cidr: string;
  port: number;
}

/** Amazon Linux 2023 for Arm, resolved by EC2 at each launch, so a new image does not change the template. */
const IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

/** Seconds after which an instance is replaced, to pick up a newer image. */
const MAX_LIFETIME = 30 * 24 * 3600;

/**
 * Reverse proxies for services at PSC, the Pittsburgh Supercomputing Center: an Auto Scaling group across the stage's
 * zones. The configuration is part of the launch template, so an instance refresh replaces the instances when, and only
 * when, it changes; each only after its replacement is healthy.
 *
 * Without automatic rollback, which AWS does not support for an image from an SSM parameter. An unhealthy instance never
 * replaces a running one.
 * Source: Amazon EC2 Auto Scaling user guide, "Undo changes with a manual or auto rollback".
 */
export class PscProxy extends pulumi.ComponentResource {
  readonly group: aws.autoscaling.Group;
  /** The backend of each service behind these proxies. */
  readonly backend: PscBackend;
  /** The firewall rule that the partners need, as a sentence. */
  readonly partnerAdmits: pulumi.Output<string>;

  constructor(name: string, args: PscProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:PscProxy", name, {}, opts);
    const parent = this;
    const { configuration, vpcId, logRetentionDays, tags } = args;
    const rendered = renderConfiguration(configuration);
    const logGroupName = `/gateway/${name}`;

    const logGroup = createLogGroup();
    const role = new PscProxyRole(name, { logGroup, tags }, { parent });
    const outbound = createOutbound();
    const template = createLaunchTemplate();
    this.group = createGroup();
    createScaling(this.group);
    this.backend = new PscBackend(this.group, outbound.rules);
    this.partnerAdmits = partnerFirewallRule();
    this.registerOutputs({
      configuration,
      configurationId: rendered.id,
      groupName: this.group.name,
      partnerAdmits: this.partnerAdmits,
    });

    function partnerFirewallRule(): pulumi.Output<string> {
      const destinations = args.partners.map(({ cidr, port }) => `TCP port ${port} of ${cidr}`).join(", ");
      return pulumi
        .output(args.natAddresses ?? [])
        .apply((addresses) =>
          addresses.length > 0
            ? `The partner's firewall must admit ${addresses.join(" and ")} to ${destinations}.`
            : `The partner's firewall must admit the public addresses of the NAT gateways of the proxies' subnets to ${destinations}; name them in gateway:psc.natAddresses.`,
        );
    }

    function createLogGroup(): aws.cloudwatch.LogGroup {
      return new aws.cloudwatch.LogGroup(
        `${name}-logs`,
        { name: logGroupName, retentionInDays: logRetentionDays, tags },
        { parent },
      );
    }

    /** Egress to the partners and to AWS. Security groups do not filter Amazon's DNS and time servers. */
    function createOutbound(): { group: aws.ec2.SecurityGroup; rules: pulumi.Resource[] } {
      const group = new aws.ec2.SecurityGroup(
        limitedName("securityGroup", `${name}-sg`),
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
        limitedName("launchTemplate", `${name}-template`),
        {
          description: `${proxyName(configuration.stage)}, configuration ${rendered.id}`,
          imageId: IMAGE,
          instanceType: args.instanceType,
          iamInstanceProfile: { arn: role.profile.arn },
          userData: userData(script),
          metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
          networkInterfaces: [
            {
              deviceIndex: 0,
              associatePublicIpAddress: "false",
              deleteOnTermination: "true",
              securityGroups: [outbound.group.id, ...args.backendSecurityGroupIds],
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
        limitedName("scalingGroup", `${name}-proxies`),
        {
          vpcZoneIdentifiers: args.subnetIds,
          minSize: args.minSize,
          maxSize: args.maxSize,
          // A number, because $Latest never starts an instance refresh.
          launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
          healthCheckType: "ELB",
          healthCheckGracePeriod: 300,
          defaultInstanceWarmup: 60,
          maxInstanceLifetime: MAX_LIFETIME,
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
        // Instances need their role and egress rules from first boot to last request.
        { parent, dependsOn: [role, ...outbound.rules] },
      );
    }

    function createScaling(group: aws.autoscaling.Group): void {
      new aws.autoscaling.Policy(
        limitedName("scalingPolicy", `${name}-scaling`),
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

/** The destination of an egress rule. */
function destination(endpoint: string) {
  if (endpoint.startsWith("sg-")) return { referencedSecurityGroupId: endpoint };
  if (endpoint.startsWith("pl-")) return { prefixListId: endpoint };
  return endpoint.includes(":") ? { cidrIpv6: endpoint } : { cidrIpv4: endpoint };
}

/** AWS refuses a duplicate rule. */
function distinct(ranges: PartnerRange[]): PartnerRange[] {
  return [...new Map(ranges.map((range) => [`${range.cidr} ${range.port}`, range])).values()];
}
