import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DOT_SEGMENT } from "../../lib/dot-segments";
import { limitedName } from "../names";

export interface AllowList {
  /** The contact that the 403 response names. */
  contact: string;
  /** CIDR ranges that may call, IPv4 and IPv6. */
  addresses: string[];
}

export interface WebAclArgs {
  /** The only callers that are allowed. Default: all. */
  allow?: AllowList;
  /** Requests in 5 minutes from one address, above which it is blocked with 429. Default: unlimited. */
  rateLimit?: number;
  /** Names of the request headers that contain tokens, besides Authorization, Cookie and X-Api-Key. Default: none. */
  tokenHeaders?: string[];
  /** Retention of the request log, in days. */
  logRetentionDays: number;
  tags?: Record<string, string>;
}

/** Keys of the custom response bodies. */
const BLOCKED = "blocked";
const BAD_PATH = "bad-path";
const TOO_MANY = "too-many";

/**
 * A web ACL that blocks encoded dot segments with 400, addresses above the rate limit with 429 and, with an allow list,
 * all other addresses with 403.
 */
export class WebAcl extends pulumi.ComponentResource {
  readonly webAcl: aws.wafv2.WebAcl;

  constructor(name: string, args: WebAclArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:WebAcl", name, {}, opts);
    const parent = this;
    const { allow } = args;
    const tokenHeaders = normalizeHeaders(args.tokenHeaders ?? []);

    this.webAcl = createWebAcl(allow ? createIpSets(allow) : []);
    createLogging(this.webAcl);
    this.registerOutputs({ webAclArn: this.webAcl.arn });

    /** Both sets always exist, even empty: WAF refuses to delete a set in the same update that removes it from the ACL. */
    function createIpSets({ addresses }: AllowList): aws.wafv2.IpSet[] {
      const { ipv4, ipv6 } = splitByFamily(addresses);
      return [createIpSet("ipv4", ipv4), createIpSet("ipv6", ipv6)];
    }

    function createIpSet(family: "ipv4" | "ipv6", addresses: string[]): aws.wafv2.IpSet {
      return new aws.wafv2.IpSet(
        limitedName("ipSet", `${name}-${family}`),
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
      const bodies = {
        ...(allow && { [BLOCKED]: blockedBody(allow.contact) }),
        [BAD_PATH]: badPathBody,
        ...(args.rateLimit !== undefined && { [TOO_MANY]: tooManyBody }),
      };
      const blocking = [dotSegmentRule(), ...rateRule()];
      return new aws.wafv2.WebAcl(
        limitedName("webAcl", `${name}-web-acl`),
        {
          scope: "REGIONAL",
          description: allow ? "Admits known addresses only" : "Blocks encoded dot segments",
          defaultAction: allow ? { block: response(403, BLOCKED) } : { allow: {} },
          customResponseBodies: Object.entries(bodies).map(([key, content]) => ({
            key,
            contentType: "APPLICATION_JSON",
            content,
          })),
          rules: [
            ...blocking,
            ...allowed.map((set, index) => {
              const rule = index === 0 ? "allowed-ipv4" : "allowed-ipv6";
              return {
                name: rule,
                priority: blocking.length + index,
                action: { allow: {} },
                statement: { ipSetReferenceStatement: { arn: set.arn } },
                visibilityConfig: visibility(rule),
              };
            }),
          ],
          dataProtectionConfig: protectTokens(),
          visibilityConfig: visibility("web-acl"),
          tags: args.tags,
        },
        { parent },
      );
    }

    /** Before the allow rules: an allow action ends the evaluation. */
    function dotSegmentRule(): aws.types.input.wafv2.WebAclRule {
      return {
        name: "dot-segments",
        priority: 0,
        action: { block: response(400, BAD_PATH) },
        statement: {
          regexMatchStatement: {
            fieldToMatch: { uriPath: {} },
            regexString: DOT_SEGMENT,
            textTransformations: [{ priority: 0, type: "LOWERCASE" }],
          },
        },
        visibilityConfig: visibility("dot-segments"),
      };
    }

    /** WAF counts over 5 minutes unless told otherwise. Source: AWS WAF API reference, RateBasedStatement. */
    function rateRule(): aws.types.input.wafv2.WebAclRule[] {
      if (args.rateLimit === undefined) return [];
      return [
        {
          name: "rate-limit",
          priority: 1,
          action: { block: response(429, TOO_MANY) },
          statement: { rateBasedStatement: { limit: args.rateLimit, aggregateKeyType: "IP" } },
          visibilityConfig: visibility("rate-limit"),
        },
      ];
    }

    /**
     * Sampled requests ignore the log's redaction; data protection covers logs and samples.
     * Source: AWS WAF API reference, VisibilityConfig, SampledRequestsEnabled; WAF developer guide, "Data protection".
     */
    function protectTokens(): aws.types.input.wafv2.WebAclDataProtectionConfig {
      return {
        dataProtections: [
          { action: "SUBSTITUTION", field: { fieldType: "SINGLE_HEADER", fieldKeys: tokenHeaders } },
          { action: "SUBSTITUTION", field: { fieldType: "QUERY_STRING" } },
        ],
      };
    }

    function visibility(metric: string): aws.types.input.wafv2.WebAclVisibilityConfig {
      return {
        cloudwatchMetricsEnabled: true,
        sampledRequestsEnabled: true,
        metricName: `${name}-${metric}`,
      };
    }

    /** WAF only logs to groups whose names start with `aws-waf-logs-`. Without an allow list, only blocked requests are logged.
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
          redactedFields: [
            ...tokenHeaders.map((header) => ({ singleHeader: { name: header } })),
            { queryString: {} },
          ],
          ...(allow ? {} : { loggingFilter: onlyBlocked }),
        },
        { parent },
      );
    }
  }
}

const onlyBlocked: aws.types.input.wafv2.WebAclLoggingConfigurationLoggingFilter = {
  defaultBehavior: "DROP",
  filters: [
    { behavior: "KEEP", requirement: "MEETS_ANY", conditions: [{ actionCondition: { action: "BLOCK" } }] },
  ],
};

const response = (responseCode: number, customResponseBodyKey: string) => ({
  customResponse: { responseCode, customResponseBodyKey },
});

/** In lower case, each once. */
function normalizeHeaders(headers: string[]): string[] {
  const all = ["authorization", "cookie", "x-api-key", ...headers.map((header) => header.toLowerCase())];
  return [...new Set(all)].sort();
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

const tooManyBody = JSON.stringify({ message: "Too many requests from this address." });
const badPathBody = JSON.stringify({ message: "The path must not contain encoded dot segments." });
