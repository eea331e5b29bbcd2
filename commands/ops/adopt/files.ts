import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../../lib/error";
import { asObject } from "../../../lib/json";
import { adopt, FindingsError, loadText } from "../../../openapi";
import { writeYaml } from "../../../openapi/write-yaml";
import type { Inventory, InventoryService } from "./inventory";

/** A difference between the existing gateway and what the program declares. */
export interface Difference {
  /** The service or stage it concerns. */
  where: string;
  /** Whether the first update would change what callers get. */
  traffic: boolean;
  message: string;
}

export interface AdoptedFiles {
  /** Path, relative to the output folder → text. */
  files: Record<string, string>;
  differences: Difference[];
}

/** Specs and settings from the exports. Each service stays pinned to its current deployment, so the first update changes nothing for callers. */
export function adoptedFiles(inventory: Inventory, inventoryFile: string): AdoptedFiles {
  const files: Record<string, string> = {};
  const differences: Difference[] = [];
  const services = inventory.services.map((service) => {
    const { spec, settings, found } = splitExport(service, join(dirname(inventoryFile), service.export));
    files[`specs/${service.name}.yaml`] = writeYaml(spec);
    differences.push(...found);
    return serviceSettings(service, settings);
  });
  requireLevels(inventory, services, inventoryFile);
  const config = writeYaml({ config: stackConfig(inventory, services) });
  files[`Pulumi.${inventory.stack}.yaml`] = `${SCHEMA_LINE}\n${config}`;
  return { files, differences };
}

/** Lets editors validate and complete the settings. */
const SCHEMA_LINE = "# yaml-language-server: $schema=stacks/settings.schema.json";

/** @throws UserError with the access levels that the exports use and the inventory does not have */
function requireLevels(
  { levels }: Inventory,
  services: Record<string, unknown>[],
  inventoryFile: string,
): void {
  const routes = new Map<string, string[]>();
  for (const { name, access } of services) {
    const { default: byDefault, rules } = asObject(access);
    for (const [route, level] of [["other routes", byDefault] as const, ...Object.entries(asObject(rules))]) {
      if (typeof level !== "string" || level === "public" || level in levels) continue;
      routes.set(level, [...(routes.get(level) ?? []), `${name}: ${route}`]);
    }
  }
  if (routes.size === 0) return;
  const lines = [...routes].map(([level, [first, ...more]]) => {
    const rest = more.length > 0 ? ` and ${more.length} more` : "";
    return `  ${level}, the level of ${first}${rest}`;
  });
  throw new UserError(
    `${inventoryFile}: "levels" has ${Object.keys(levels).join(", ") || "none"}, but the authorizers of the exports stand for\n${lines.join("\n")}\nAdd each with the groups that hold it, e.g. "${[...routes.keys()][0]}": { "groups": ["…"] }. The names come from the authorizers' names.`,
  );
}

function splitExport(service: InventoryService, file: string) {
  try {
    const { spec, settings, findings, differences } = adopt(
      loadText(readFileSync(file, "utf8"), service.export),
    );
    const where = service.name;
    return {
      spec,
      settings,
      found: [
        ...findings.map((finding) => ({
          where,
          traffic: false,
          message: `${finding.where}: ${finding.message}`,
        })),
        ...differences.map((message) => ({
          where,
          traffic: true,
          message: `the compiled definition differs: ${message}`,
        })),
      ],
    };
  } catch (error) {
    if (error instanceof FindingsError)
      throw new UserError(`${file} is not an export that can be read:\n${error.message}`);
    if (error instanceof Error && "code" in error)
      throw new UserError(`${file} cannot be read: ${error.message}`);
    throw error;
  }
}

function serviceSettings(service: InventoryService, compileSettings: object): Record<string, unknown> {
  const { name, port, instances, domainName, basePath, deploymentId } = service;
  return {
    name,
    spec: `specs/${name}.yaml`,
    port,
    backend: { instances },
    domain: domainName,
    ...(basePath === undefined ? {} : { basePath }),
    // The current deployment. Remove it to serve the definition that the spec compiles to.
    deployment: deploymentId,
    ...compileSettings,
  };
}

function stackConfig(inventory: Inventory, services: Record<string, unknown>[]): Record<string, unknown> {
  const { region, domain, vpcId, zones, identity, levels, allow, tags, stack } = inventory;
  return {
    "aws:region": region,
    "gateway:domain": domain,
    "gateway:network": { vpcId, zones },
    ...(allow ? { "gateway:allow": allow } : {}),
    "gateway:identity": identity,
    "gateway:levels": levels,
    "gateway:tags": { ...tags, stage: stack },
    "gateway:services": services,
  };
}
