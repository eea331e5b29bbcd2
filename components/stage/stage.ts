import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionBundles } from "../../functions/build";
import { BackendSecurityGroup } from "../backends/backend-security-group";
import { type AllowList, WebAcl } from "../edge/web-acl";
import { type AccessLevels, GatewayFunctions, type IdentitySettings } from "../functions/gateway-functions";
import { ordinalSuffix } from "../names";
import { ApiGatewayAccount } from "./api-gateway-account";
import type { Network } from "./network";
import { type LoadBalancerZone, NetworkLoadBalancer } from "./network-load-balancer";
import { type Placement, place } from "./placement";

export interface StageArgs {
  network: Network;
  /** For each service, in the order of the settings: the EC2 instances it runs on. */
  instances: string[][];
  /** Who may call. Default: everybody. */
  allow?: AllowList;
  identity: IdentitySettings;
  levels: AccessLevels;
  bundles: FunctionBundles;
  /** CORS headers of the 404 and redirect answers, name to value. Default: none. */
  cors?: Record<string, string>;
  /** Where the callers of each retired API are sent, by its name. Default: none is retired. */
  redirects?: Record<string, string>;
  /** Seconds for which API Gateway keeps an authorizer's answer, 0 to 3600. */
  authorizerCacheSeconds: number;
  /** Set the account's CloudWatch role for API Gateway: in one stack per account and region. */
  ownsAccount: boolean;
  /** Refuse to delete the load balancers. */
  protect: boolean;
  /** Days for which logs are kept. */
  logRetentionDays: number;
  tags?: Record<string, string>;
}

/** What of a stage's edge one service uses. */
export interface ServiceEdge {
  loadBalancer: NetworkLoadBalancer;
  backendSecurityGroup: BackendSecurityGroup;
  placement: Placement;
}

/** What all services of a stage share. */
export class Stage extends pulumi.ComponentResource {
  /** The stage's name, e.g. dev; also the name of every API's stage. */
  readonly stage: string;
  readonly vpcId: pulumi.Input<string>;
  /** One, and another whenever the services have filled it; see `place`. */
  readonly loadBalancers: NetworkLoadBalancer[];
  readonly backendSecurityGroups: BackendSecurityGroup[];
  readonly functions: GatewayFunctions;
  readonly webAcl?: WebAcl;
  /** There when this stack owns the account's settings. */
  readonly account?: aws.apigateway.Account;
  readonly #placements: Placement[];

  constructor(name: string, args: StageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gateway:index:Stage", name, {}, opts);
    const parent = this;
    const { network, logRetentionDays, tags } = args;
    const placements = place(args.instances.length, network.zones.length);

    this.stage = name;
    this.vpcId = network.vpcId;
    this.#placements = placements;
    this.loadBalancers = createLoadBalancers();
    this.backendSecurityGroups = createBackendSecurityGroups();
    this.webAcl = createWebAcl();
    this.functions = createFunctions();
    this.account = createAccount();
    this.registerOutputs({ dnsNames: this.loadBalancers.map(({ loadBalancer }) => loadBalancer.dnsName) });

    function createLoadBalancers(): NetworkLoadBalancer[] {
      return numbered(placements.map(({ loadBalancer }) => loadBalancer)).map(
        (suffix, index) =>
          new NetworkLoadBalancer(
            `${name}-nlb${suffix}`,
            { network: { vpcId: network.vpcId, zones: zonesOf(index) }, protect: args.protect, tags },
            { parent },
          ),
      );
    }

    /** An address is one load balancer's alone. */
    function zonesOf(loadBalancer: number): LoadBalancerZone[] {
      return network.zones.map(({ subnetId, addresses }, zone) => {
        if (addresses === undefined) return { subnetId };
        const address = addresses[loadBalancer];
        if (address === undefined) {
          throw new Error(
            `${name}: zone ${zone + 1} has ${addresses.length} addresses; load balancer ${loadBalancer + 1} has none`,
          );
        }
        return { subnetId, address };
      });
    }

    function createBackendSecurityGroups(): BackendSecurityGroup[] {
      return numbered(placements.map(({ securityGroup }) => securityGroup)).map((suffix, group) => {
        const members = args.instances
          .filter((_, service) => placements[service]?.securityGroup === group)
          .flat();
        return new BackendSecurityGroup(
          `${name}-backend${suffix}`,
          { vpcId: network.vpcId, instances: [...new Set(members)], tags },
          { parent },
        );
      });
    }

    function createWebAcl(): WebAcl | undefined {
      return args.allow && new WebAcl(name, { allow: args.allow, logRetentionDays, tags }, { parent });
    }

    function createFunctions(): GatewayFunctions {
      const { bundles, levels, identity, authorizerCacheSeconds, cors, redirects } = args;
      return new GatewayFunctions(
        name,
        {
          ...{ stage: name, bundles, levels, identity, authorizerCacheSeconds },
          ...{ cors, redirects, logRetentionDays, tags },
        },
        { parent },
      );
    }

    function createAccount(): aws.apigateway.Account | undefined {
      return args.ownsAccount ? new ApiGatewayAccount(name, { tags }, { parent }).account : undefined;
    }
  }

  /** The part of the edge for the service at `index` of `instances`. */
  edge(index: number): ServiceEdge {
    const placement = this.#placements[index];
    const loadBalancer = placement && this.loadBalancers[placement.loadBalancer];
    const backendSecurityGroup = placement && this.backendSecurityGroups[placement.securityGroup];
    if (!loadBalancer || !backendSecurityGroup) {
      throw new Error(
        `Stage ${this.stage} was made for ${this.#placements.length} services; there is none at ${index}`,
      );
    }
    return { loadBalancer, backendSecurityGroup, placement };
  }
}

/** A name suffix for each number up to the highest of `numbers`, at least for 0. */
function numbered(numbers: number[]): string[] {
  return Array.from({ length: Math.max(0, ...numbers) + 1 }, (_, index) => ordinalSuffix(index));
}
