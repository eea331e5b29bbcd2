import { createGateway, type Gateway } from "../../../gateway";
import type { ApiStage, Model } from "../../../offline/model";
import { webAclOf } from "../../../offline/wiring/web-acl";
import type { Backends } from "./backends";
import type { ServedFunctions } from "./functions";
import { apiKeysOf, stageSettingsOf } from "./stage-settings";
import { allowedAddress, gatewayWebAcl } from "./web-acl";

export interface Gateways {
  of(stage: ApiStage): Gateway["handle"] | undefined;
  /** An address that a web ACL allows; 127.0.0.1 without a web ACL. */
  sourceIp: string;
  close(): Promise<void>;
}

/** One gateway per API stage. */
export function createGateways(
  model: Model,
  functions: ServedFunctions,
  backends: Backends,
  log: (line: string) => void,
): Gateways {
  const gateways = new Map<string, Gateway>();
  let sourceIp: string | undefined;
  for (const service of model.services) {
    const handlers = functions.handlersOf(service);
    for (const stage of service.stages) {
      const acl = webAclOf(stage, model);
      const webAcl = acl && gatewayWebAcl(acl, model.resources);
      sourceIp ??= webAcl && allowedAddress(webAcl);
      const gateway = createGateway({
        definition: service.definition.document,
        stageVariables: stage.variables,
        functions: handlers,
        apiKeys: apiKeysOf(service, stage, model),
        stage: stage.name,
        region: model.region,
        accountId: model.accountId,
        apiId: service.restApi.id,
        connect: backends.connect,
        stageSettings: stageSettingsOf(service, stage, model),
        ...(webAcl && { webAcl }),
        log: (line) => log(`${service.name}: ${line}`),
      });
      gateways.set(stage.resource.urn, gateway);
    }
  }
  return {
    of(stage) {
      const gateway = gateways.get(stage.resource.urn);
      return gateway && ((...request) => gateway.handle(...request));
    },
    sourceIp: sourceIp ?? "127.0.0.1",
    async close() {
      await Promise.all([...gateways.values()].map((gateway) => gateway.close()));
    },
  };
}
