import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { limitedName } from "../../names";
import { type ProxyConfiguration, proxyName, renderConfiguration } from "./nginx";
import { commandDocument, installScript } from "./nginx/install";
import { PscBackend } from "./psc-backend";

export interface PscProxyInstanceArgs {
  /** Configuration of Nginx. */
  configuration: ProxyConfiguration;
  /** IDs of existing EC2 instances that Systems Manager manages. */
  instances: string[];
  /** Retention of the logs, in days. */
  logRetentionDays: number;
  tags?: Record<string, string>;
}

/**
 * Existing instances as reverse proxies for services at PSC. Systems Manager installs a changed configuration on one
 * instance after another, and keeps the running one if Nginx rejects it. The proxy is a separate systemd unit; the
 * instance's role, network and operating system remain its owner's.
 *
 * State Manager runs an association when its document's default version changes. Source: Systems Manager API
 * reference, UpdateDocumentDefaultVersion.
 */
export class PscProxyInstance extends pulumi.ComponentResource {
  /** The backend of each service behind these proxies. */
  readonly backend: PscBackend;

  constructor(name: string, args: PscProxyInstanceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:PscProxyInstance", name, {}, opts);
    const parent = this;
    const { configuration, instances, tags } = args;
    const { stage } = configuration;
    const rendered = renderConfiguration(configuration);
    const logGroupName = `/gateway/${name}`;

    createLogGroup();
    createAssociation(createDocument());
    this.backend = new PscBackend(instances);
    this.registerOutputs({ configuration, configurationId: rendered.id });

    /** Used by instances that have the CloudWatch agent and permission to write. */
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
        limitedName("document", `${name}-document`),
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
          // A failed first installation fails this deployment.
          waitForSuccessTimeoutSeconds: 900,
          tags,
        },
        { parent },
      );
    }
  }
}
