import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type ProxyConfiguration, proxyName, renderConfiguration } from "./nginx";
import { commandDocument, installScript } from "./nginx/install";
import { PscBackend } from "./psc-backend";
import { type HealthCheckSource, PscHealthAccess } from "./psc-health-access";

export interface PscProxyInstanceArgs {
  /** What the proxies do. */
  configuration: ProxyConfiguration;
  /** Ids of existing EC2 instances, managed by Systems Manager. */
  instances: string[];
  vpcId: pulumi.Input<string>;
  /** The load balancers whose health checks the instances admit. */
  loadBalancers: HealthCheckSource[];
  /** Days the logs are kept. */
  logRetentionDays: number;
  tags?: Record<string, string>;
}

/**
 * Existing instances as the stage's reverse proxies. Systems Manager installs the configuration, one instance after the
 * other, when it is new: it keeps the running one when Nginx refuses it. The proxy is a unit of its own beside
 * whatever else the instance runs; the instance's role, network and operating system stay its owner's.
 *
 * State Manager runs an association when its document's default version changes. Source: Systems Manager API
 * reference, UpdateDocumentDefaultVersion.
 */
export class PscProxyInstance extends pulumi.ComponentResource {
  /** For each service behind these proxies. */
  readonly backend: PscBackend;

  constructor(name: string, args: PscProxyInstanceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:PscProxyInstance", name, {}, opts);
    const parent = this;
    const { configuration, instances, vpcId, loadBalancers, tags } = args;
    const { healthPort, stage } = configuration;
    const rendered = renderConfiguration(configuration);
    const logGroupName = `/gateway/${name}`;

    const healthAccess = new PscHealthAccess(
      `${name}-health`,
      { vpcId, healthPort, loadBalancers, tags },
      { parent },
    );
    createAttachments();
    createLogGroup();
    createAssociation(createDocument());
    this.backend = new PscBackend({ healthPort, instances });
    this.registerOutputs({ configuration, configurationId: rendered.id });

    function createAttachments(): void {
      for (const instance of instances) {
        const { networkInterfaceId } = aws.ec2.getInstanceOutput({ instanceId: instance }, { parent });
        new aws.ec2.NetworkInterfaceSecurityGroupAttachment(
          `${name}-${instance}`,
          { securityGroupId: healthAccess.securityGroup.id, networkInterfaceId },
          { parent },
        );
      }
    }

    /** For an instance that has the CloudWatch agent and may write there. */
    function createLogGroup(): void {
      new aws.cloudwatch.LogGroup(
        `${name}-logs`,
        { name: logGroupName, retentionInDays: args.logRetentionDays, tags },
        { parent },
      );
    }

    function createDocument(): aws.ssm.Document {
      const script = installScript({
        configuration,
        rendered,
        logGroup: logGroupName,
        installAgent: false,
      });
      return new aws.ssm.Document(
        `${name}-document`,
        {
          documentType: "Command",
          documentFormat: "JSON",
          content: commandDocument(script, `Installs ${proxyName(stage)}, configuration ${rendered.id}`),
          targetType: "/AWS::EC2::Instance",
          tags,
        },
        { parent },
      );
    }

    function createAssociation(document: aws.ssm.Document): void {
      new aws.ssm.Association(
        `${name}-association`,
        {
          name: document.name,
          associationName: proxyName(stage),
          documentVersion: "$DEFAULT",
          targets: [{ key: "InstanceIds", values: instances }],
          maxConcurrency: "1",
          maxErrors: "0",
          // A first installation that fails is this deployment's failure, not a surprise later.
          waitForSuccessTimeoutSeconds: 900,
          tags,
        },
        { parent },
      );
    }
  }
}
