import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface AllowList {
  /** The contact that the 403 response names. */
  contact: string;
  /** CIDR ranges that may call, IPv4 and IPv6. */
  addresses: string[];
}

export interface WebAclArgs {
  allow: AllowList;
  /** Retention of the request log, in days. */
  logRetentionDays: number;
  tags?: Record<string, string>;
}

/** Key of the custom response body, which the default action references. */
const BLOCKED = "blocked";

/** A web ACL that allows listed addresses and blocks the others with 403. */
export class WebAcl extends pulumi.ComponentResource {
  readonly webAcl: aws.wafv2.WebAcl;

  constructor(name: string, args: WebAclArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:WebAcl", name, {}, opts);
    const parent = this;
    const { ipv4, ipv6 } = splitByFamily(args.allow.addresses);

    const sets = [createIpSet("ipv4", ipv4), createIpSet("ipv6", ipv6)];
    this.webAcl = createWebAcl(sets);
    createLogging(this.webAcl);
    this.registerOutputs({ webAclArn: this.webAcl.arn });

    /** Both sets always exist, even empty: WAF refuses to delete a set in the same update that removes it from the ACL. */
    function createIpSet(family: "ipv4" | "ipv6", addresses: string[]): aws.wafv2.IpSet {
      return new aws.wafv2.IpSet(
        `${name}-${family}`,
        {
          scope: "REGIONAL",
          ipAddressVersion: family === "ipv4" ? "IPV4" : "IPV6",
          addresses,
          description: "Addresses that may call the APIs",
          tags: args.tags,
        },
        { parent },
      );
    }

    function createWebAcl(allowed: aws.wafv2.IpSet[]): aws.wafv2.WebAcl {
      return new aws.wafv2.WebAcl(
        `${name}-web-acl`,
        {
          scope: "REGIONAL",
          description: "Admits known addresses only",
          defaultAction: { block: { customResponse: { responseCode: 403, customResponseBodyKey: BLOCKED } } },
          customResponseBodies: [
            { key: BLOCKED, contentType: "APPLICATION_JSON", content: blockedBody(args.allow.contact) },
          ],
          rules: allowed.map((set, priority) => ({
            name: priority === 0 ? "allowed-ipv4" : "allowed-ipv6",
            priority,
            action: { allow: {} },
            statement: { ipSetReferenceStatement: { arn: set.arn } },
            visibilityConfig: visibility(priority === 0 ? "allowed-ipv4" : "allowed-ipv6"),
          })),
          visibilityConfig: visibility("web-acl"),
          tags: args.tags,
        },
        { parent },
      );
    }

    function visibility(metric: string): aws.types.input.wafv2.WebAclVisibilityConfig {
      return {
        cloudwatchMetricsEnabled: true,
        sampledRequestsEnabled: true,
        metricName: `${name}-${metric}`,
      };
    }

    /** WAF only logs to groups whose names start with `aws-waf-logs-`.
     * Source: https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html */
    function createLogging(webAcl: aws.wafv2.WebAcl): void {
      const logGroup = new aws.cloudwatch.LogGroup(
        `${name}-web-acl-logs`,
        { name: `aws-waf-logs-gateway-${name}`, retentionInDays: args.logRetentionDays, tags: args.tags },
        { parent },
      );
      new aws.wafv2.WebAclLoggingConfiguration(
        `${name}-web-acl-logging`,
        {
          resourceArn: webAcl.arn,
          logDestinationConfigs: [logGroup.arn],
          redactedFields: [{ singleHeader: { name: "authorization" } }],
        },
        { parent },
      );
    }
  }
}

/** An IP set contains one address family. */
export function splitByFamily(addresses: string[]): { ipv4: string[]; ipv6: string[] } {
  return {
    ipv4: addresses.filter((address) => !address.includes(":")),
    ipv6: addresses.filter((address) => address.includes(":")),
  };
}

/** The JSON body of the 403 response. */
export function blockedBody(contact: string): string {
  return JSON.stringify({
    message: `Sorry, your IP is blocked. Please Contact ${contact} to request developer access to the target resources.`,
  });
}
