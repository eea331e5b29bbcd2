import type * as pulumi from "@pulumi/pulumi";
import type { ApiService } from "../components/rest-api/api-service";
import type { Stage } from "../components/stage/stage";
import type { Api } from "./apis";
import type { BackendOutputs } from "./backends/kind";
import type { Settings } from "./settings";

/** A service and the API that is declared for it. */
export interface DeclaredService {
  api: Api;
  service: ApiService;
}

/** What operators need to know about a stage; `pulumi stack output` prints it. */
export interface Outputs extends BackendOutputs {
  /** Whether the stage is open to everybody; see `gateway:production` */
  production: boolean;
  loadBalancers: {
    dnsName: pulumi.Output<string>;
    linkId: pulumi.Output<string>;
    addresses: pulumi.Output<string>[];
  }[];
  backendSecurityGroups: pulumi.Output<string>[];
  webAcl: pulumi.Output<string>;
  /** The bucket of `gateway:releases` */
  releaseArchive?: pulumi.Output<string>;
  services: Record<string, ServiceOutputs>;
}

export interface ServiceOutputs {
  url: pulumi.Output<string>;
  restApiId: pulumi.Output<string>;
  /** Deployment of the current definition; note it for a rollback */
  deploymentId: pulumi.Output<string>;
  /** The deployment that is served: the same, or the one that `deployment` pins */
  servedDeploymentId: pulumi.Output<string>;
  stageName: pulumi.Output<string>;
}

export function outputsOf(
  { production }: Settings,
  stage: Stage,
  services: DeclaredService[],
  retired: Record<string, ApiService>,
): Outputs {
  return {
    production,
    loadBalancers: stage.loadBalancers.map(({ loadBalancer, link, addresses }) => ({
      dnsName: loadBalancer.dnsName,
      linkId: link.id,
      addresses,
    })),
    backendSecurityGroups: stage.backendSecurityGroups.map(({ securityGroup }) => securityGroup.id),
    webAcl: stage.webAcl.webAcl.arn,
    services: Object.fromEntries([
      ...services.map(({ api, service }) => [api.service.name, serviceOutputs(service)]),
      ...Object.entries(retired).map(([name, service]) => [name, serviceOutputs(service)]),
    ]),
  };
}

function serviceOutputs({ url, restApi, deployment, apiStage }: ApiService): ServiceOutputs {
  return {
    url,
    restApiId: restApi.id,
    deploymentId: deployment.id,
    servedDeploymentId: apiStage.deployment,
    stageName: apiStage.stageName,
  };
}
