import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionBundles } from "../../functions/build";
import { BackendSecurityGroup } from "../backends/backend-security-group";
import { type AllowList, WebAcl } from "../edge/web-acl";
import { type AccessLevels, GatewayFunctions, type IdentityProvider } from "../functions/gateway-functions";
import { ordinalSuffix } from "../names";
import { ApiGatewayAccount } from "./api-gateway-account";
import { type Assignment, assignLoadBalancers } from "./assignment";
import type { Network } from "./network";
import { type LoadBalancerZone, NetworkLoadBalancer } from "./network-load-balancer";

export interface StageArgs {
  network: Network;
  /** In the order of the settings; appended services change nothing for the others. */
  services: StageService[];
  /** Addresses that may call. Default: all. */
  allow?: AllowList;
  /** Requests in 5 minutes from one address. Default: unlimited. */
  rateLimit?: number;
  /** Names of the request headers that contain tokens, besides the common ones. Default: none. */
  tokenHeaders?: string[];
  identity: IdentityProvider;
  levels: AccessLevels;
  bundles: FunctionBundles;
  /** CORS headers of the 404 and redirect answers, name to value. Default: none. */
  cors?: Record<string, string>;
  /** Redirect target of each retired API, by its name. Default: none. */
  redirects?: Record<string, string>;
  /** Seconds for which API Gateway caches an authorizer's policy, 0 to 3600. */
  authorizerCacheSeconds: number;
  /** Reserved concurrency of each authorizer. Default: none. */
  authorizerConcurrency?: number;
  /** Set API Gateway's CloudWatch role; one stack per account and region may. */
  ownsAccount: boolean;
  /** Refuse deletion of the load balancers. */
  protect: boolean;
  /** Retention of the logs, in days. */
  logRetentionDays: number;
  tags?: Record<string, string>;
}

export interface StageService {
  name: string;
  /** IDs of the existing EC2 instances it runs on. Default: none. */
  instances?: string[];
}

/** The part of the stage that one service uses. */
export interface ServiceEdge {
  loadBalancer: NetworkLoadBalancer;
  backendSecurityGroup: BackendSecurityGroup;
  assignment: Assignment;
}

/** What the services of a stage share. */
export class Stage extends pulumi.ComponentResource {
  /** Also the name of each API's stage, e.g. dev. */
  readonly name: string;
  readonly vpcId: pulumi.Input<string>;
  /** One, and another whenever the services use up its quotas; see `assignLoadBalancers`. */
  readonly loadBalancers: NetworkLoadBalancer[];
  readonly backendSecurityGroups: BackendSecurityGroup[];
  readonly functions: GatewayFunctions;
  readonly webAcl: WebAcl;
  /** Set when this stack owns the account's settings. */
  readonly account?: aws.apigateway.Account;
  readonly #edges: ReadonlyMap<string, ServiceEdge>;

  constructor(name: string, args: StageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:Stage", name, {}, opts);
    const parent = this;
    const { network, logRetentionDays, tags } = args;
    const assignments = assignLoadBalancers(args.services.length, network.zones.length);

    this.name = name;
    this.vpcId = network.vpcId;
    this.loadBalancers = createLoadBalancers();
    this.backendSecurityGroups = createBackendSecurityGroups();
    this.#edges = assignEdges(this.loadBalancers, this.backendSecurityGroups);
    this.webAcl = createWebAcl();
    this.functions = createFunctions();
    this.account = createAccount();
    this.registerOutputs({ dnsNames: this.loadBalancers.map(({ loadBalancer }) => loadBalancer.dnsName) });

    function createLoadBalancers(): NetworkLoadBalancer[] {
      return suffixes(assignments.map(({ loadBalancer }) => loadBalancer)).map(
        (suffix, index) =>
          new NetworkLoadBalancer(
            `${name}-nlb${suffix}`,
            { network: { vpcId: network.vpcId, zones: zonesOf(index) }, protect: args.protect, tags },
            { parent },
          ),
      );
    }

    /** A fixed address can belong to one load balancer only. */
    function zonesOf(loadBalancer: number): LoadBalancerZone[] {
      return network.zones.map(({ addresses, ...zone }, index) => {
        if (addresses === undefined) return zone;
        const address = addresses[loadBalancer];
        if (address === undefined) {
          throw new Error(
            `${name}: zone ${index + 1} has ${addresses.length} fixed addresses, none for load balancer ${loadBalancer + 1}`,
          );
        }
        return { ...zone, address };
      });
    }

    function createBackendSecurityGroups(): BackendSecurityGroup[] {
      return suffixes(assignments.map(({ securityGroup }) => securityGroup)).map((suffix, group) => {
        const members = args.services
          .filter((_, service) => assignments[service]?.securityGroup === group)
          .flatMap(({ instances = [] }) => instances);
        return new BackendSecurityGroup(
          `${name}-backend${suffix}`,
          { vpcId: network.vpcId, instances: [...new Set(members)], tags },
          { parent },
        );
      });
    }

    function assignEdges(balancers: NetworkLoadBalancer[], groups: BackendSecurityGroup[]) {
      return new Map(
        args.services.flatMap((service, index): [string, ServiceEdge][] => {
          const assignment = assignments[index];
          const loadBalancer = assignment && balancers[assignment.loadBalancer];
          const backendSecurityGroup = assignment && groups[assignment.securityGroup];
          return loadBalancer && backendSecurityGroup
            ? [[service.name, { assignment, loadBalancer, backendSecurityGroup }]]
            : [];
        }),
      );
    }

    function createWebAcl(): WebAcl {
      const { allow, rateLimit, tokenHeaders } = args;
      return new WebAcl(name, { allow, rateLimit, tokenHeaders, logRetentionDays, tags }, { parent });
    }

    function createFunctions(): GatewayFunctions {
      const { bundles, levels, identity, authorizerCacheSeconds, cors, redirects } = args;
      return new GatewayFunctions(
        name,
        {
          ...{ stage: name, bundles, levels, identity, authorizerCacheSeconds },
          ...{ cors, redirects, reservedConcurrency: args.authorizerConcurrency, logRetentionDays, tags },
        },
        { parent },
      );
    }

    function createAccount(): aws.apigateway.Account | undefined {
      return args.ownsAccount ? new ApiGatewayAccount(name, { tags }, { parent }).account : undefined;
    }
  }

  /** @throws Error for a service that is not one of the stage's */
  edgeOf(service: string): ServiceEdge {
    const edge = this.#edges.get(service);
    if (!edge) {
      throw new Error(
        `${service} is not a service of stage ${this.name}: ${[...this.#edges.keys()].join(", ")}`,
      );
    }
    return edge;
  }
}

/** A name suffix for each number up to the highest of `numbers`, at least for 0. */
function suffixes(numbers: number[]): string[] {
  return Array.from({ length: Math.max(0, ...numbers) + 1 }, (_, index) => ordinalSuffix(index));
}
