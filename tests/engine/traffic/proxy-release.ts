import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";

/** What one version of the launch template makes of a proxy, read from what its instances would boot with. */
export interface ProxyRelease {
  id: string;
  securityGroups: string[];
  /** TCP port → the service whose requests it passes on. */
  services: Map<number, string>;
  /** Service → `host:port` of its partner. */
  partners: Map<string, string>;
  healthPort: number;
  /** Paths that answer 200 on the health port. */
  healthPaths: Set<string>;
}

export function proxyRelease(template: Record<string, unknown>): ProxyRelease {
  const script = gunzipSync(Buffer.from(String(template.userData), "base64")).toString();
  const nginx = /cat > "\$release\/nginx\.conf" <<'END'\n([\s\S]*?)\nEND$/m.exec(script)?.[1] ?? "";
  const [{ securityGroups }] = template.networkInterfaces as [{ securityGroups: string[] }];
  const ports = /map \$server_port \$service \{([^}]*)\}/.exec(nginx)?.[1] ?? "";
  const health = /listen (\d+) default_server;\s+access_log off;([\s\S]*)$/.exec(nginx) ?? [];
  return {
    id: createHash("sha256").update(script).update(securityGroups.join()).digest("hex").slice(0, 8),
    securityGroups,
    services: new Map(
      [...ports.matchAll(/(\d+) (\S+);/g)].map(([, port, service]) => [Number(port), service as string]),
    ),
    partners: new Map(
      [...nginx.matchAll(/set \$service (\S+);\s+set \$partner (\S+);/g)].map(([, service, partner]) => [
        service as string,
        partner as string,
      ]),
    ),
    healthPort: Number(health[1]),
    healthPaths: new Set(
      [...(health[2] ?? "").matchAll(/location = (\/health\S*) \{/g)].map(([, path]) => path as string),
    ),
  };
}
