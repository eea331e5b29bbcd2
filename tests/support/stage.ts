import { Ec2Backend } from "../../components/backends/ec2-backend";
import { CustomDomain } from "../../components/edge/custom-domain";
import { ApiService, type ApiServiceArgs } from "../../components/rest-api/api-service";
import { Stage, type StageArgs } from "../../components/stage/stage";
import type { FunctionBundles } from "../../functions/build";

const archive = __filename;
const bundle = (name: string) => ({ name, archive, sha256: "0".repeat(64), handler: "index.handler" });

/** Bundles that nobody runs. */
export const bundles: FunctionBundles = {
  authorizer: bundle("authorizer"),
  notFound: bundle("not-found"),
  redirect: bundle("redirect"),
  keepAlive: bundle("keep-alive"),
  layer: { name: "layer", archive, sha256: "0".repeat(64) },
};

/** A stage `dev` of one service on one instance, two zones and an allow list, but for `changes`. */
export function aStage(changes: Partial<StageArgs> = {}): Stage {
  return new Stage("dev", {
    network: {
      vpcId: "vpc-0123456789abcdef0",
      zones: [
        { subnetId: "subnet-0123456789abcdef0", addresses: ["10.1.1.10"] },
        { subnetId: "subnet-0123456789abcdef1", addresses: ["10.1.2.10"] },
      ],
    },
    services: [{ name: "uuid-api", instances: ["i-0123456789abcdef0"] }],
    allow: { contact: "help@example.org", addresses: ["192.0.2.0/24"] },
    identity: { jwt: { issuer: "https://id.example.org", audience: "gateway" } },
    levels: { read: { groups: ["readers"] }, create: { groups: ["writers"] } },
    bundles,
    authorizerCacheSeconds: 0,
    ownsAccount: false,
    protect: false,
    logRetentionDays: 30,
    ...changes,
  });
}

/** The way to a service on one instance, by its port. */
export function anUpstream(stage: Stage, port = 2222): ApiServiceArgs["upstream"] {
  return { edge: stage.edgeOf("uuid-api"), port, backend: new Ec2Backend(["i-0123456789abcdef0"]) };
}

/** The service `uuid-api` of a stage, on port 2222, but for `changes`. */
export function aService(stage: Stage, changes: Partial<ApiServiceArgs> = {}, name = "uuid-api"): ApiService {
  return new ApiService(name, {
    stage,
    upstream: anUpstream(stage),
    definition: '{"openapi":"3.0.1"}',
    domain:
      changes.domain ??
      new CustomDomain("uuid-api.dev.example.org", {
        domain: "uuid-api.dev.example.org",
        zone: "example.org",
        zoneId: "Z0123456789ABC",
      }),
    keepDeployments: true,
    logRetentionDays: 30,
    ...changes,
  });
}
