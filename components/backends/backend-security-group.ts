import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { limitedName } from "../names";

export interface BackendSecurityGroupArgs {
  vpcId: pulumi.Input<string>;
  /** IDs of the EC2 instances to attach it to, each once. */
  instances: string[];
  tags?: Record<string, string>;
}

/**
 * The security group through which a stage's load balancers reach its backends; each service adds the rules for its
 * port. Attached to the primary network interface of each instance, in addition to the groups already there.
 */
export class BackendSecurityGroup extends pulumi.ComponentResource {
  readonly securityGroup: aws.ec2.SecurityGroup;
  /** By instance ID. */
  readonly attachments: ReadonlyMap<string, aws.ec2.NetworkInterfaceSecurityGroupAttachment>;

  constructor(name: string, args: BackendSecurityGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:BackendSecurityGroup", name, {}, opts);
    const parent = this;

    this.securityGroup = createSecurityGroup();
    this.attachments = createAttachments(this.securityGroup);
    this.registerOutputs({ securityGroupId: this.securityGroup.id });

    function createSecurityGroup(): aws.ec2.SecurityGroup {
      return new aws.ec2.SecurityGroup(
        limitedName("securityGroup", `${name}-sg`),
        {
          vpcId: args.vpcId,
          description: "Admits the load balancers of the API gateway, each service on its own port",
          tags: { ...args.tags, Name: name },
        },
        { parent },
      );
    }

    function createAttachments(securityGroup: aws.ec2.SecurityGroup): BackendSecurityGroup["attachments"] {
      return new Map(
        args.instances.map((instance) => [
          instance,
          attachToInstance(`${name}-${instance}`, { securityGroup, instance }, { parent }),
        ]),
      );
    }
  }
}

/** Adds a security group to the primary network interface of an existing instance. */
export function attachToInstance(
  name: string,
  args: { securityGroup: aws.ec2.SecurityGroup; instance: string },
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): aws.ec2.NetworkInterfaceSecurityGroupAttachment {
  const { networkInterfaceId } = aws.ec2.getInstanceOutput(
    { instanceId: args.instance },
    { parent: opts.parent },
  );
  return new aws.ec2.NetworkInterfaceSecurityGroupAttachment(
    name,
    { securityGroupId: args.securityGroup.id, networkInterfaceId },
    opts,
  );
}
