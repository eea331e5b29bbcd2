import type * as pulumi from "@pulumi/pulumi";
import type { ApiService } from "../components/rest-api/api-service";
import type { Stage } from "../components/stage/stage";
import type { Api } from "./apis";
import type { PscProxies } from "./psc";

/** What operators need to know of a stage; `pulumi stack output`. */
export interface Outputs {
  loadBalancers: {
    dnsName: pulumi.Output<string>;
    linkId: pulumi.Output<string>;
    addresses: pulumi.Output<string>[];
  }[];
  backendSecurityGroups: pulumi.Output<string>[];
  webAcl?: pulumi.Output<string>;
  /** What to tell the partners behind whose firewalls services run */
  psc?: { partnerAdmits: pulumi.Output<string> };
  /** The bucket of `gateway:releases` */
  releaseArchive?: pulumi.Output<string>;
  services: Record<string, ServiceOutputs>;
}

export interface ServiceOutputs {
  url: pulumi.Output<string>;
  restApiId: pulumi.Output<string>;
  /** The definition's own deployment; keep it to be able to go back to it */
  deploymentId: pulumi.Output<string>;
  /** The deployment that callers get: the same, or the one the settings pin */
  servedDeploymentId: pulumi.Output<string>;
  stageName: pulumi.Output<string>;
}

export function outputsOf(
  stage: Stage,
  proxies: PscProxies,
  apis: Api[],
  services: ApiService[],
  retired: Record<string, ApiService>,
): Outputs {
  return {
    loadBalancers: stage.loadBalancers.map(({ loadBalancer, link, addresses }) => ({
      dnsName: loadBalancer.dnsName,
      linkId: link.id,
      addresses,
    })),
    backendSecurityGroups: stage.backendSecurityGroups.map(({ securityGroup }) => securityGroup.id),
    ...(stage.webAcl ? { webAcl: stage.webAcl.webAcl.arn } : {}),
    ...(proxies.own ? { psc: { partnerAdmits: proxies.own.partnerAdmits } } : {}),
    services: Object.fromEntries([
      ...services.map((service, index) => [apis[index]?.service.name, serviceOutputs(service)]),
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
