/** Everything that decides the reverse proxy's configuration. Plain values: no Outputs, no files. */
export interface ProxyConfiguration {
  /** Stage the proxy belongs to; names its folders, its unit and its health answer. */
  stage: string;
  /** TCP port of the health endpoints. Not one of the services' ports. */
  healthPort: number;
  /** DNS servers, IPv4 with an optional port. In a VPC: 169.254.169.253. */
  resolvers: string[];
  services: ProxyService[];
}

/** One service: listens on `port`, passes on to `upstream`. */
export interface ProxyService {
  /** Service name, e.g. `ingest-api`. */
  name: string;
  /** TCP port the load balancer's target group sends to. */
  port: number;
  upstream: Upstream;
  /** Largest request body in MB (2^20 bytes). API Gateway itself refuses more than 10 MB. */
  maxBodyMb: number;
  /** The gateway's longest integration timeout for this service, in ms; the proxy gives up just before. */
  timeoutMs: number;
  /** What callers call the API, e.g. `https://ingest.api.example.org` (and a base path, if it has one). */
  publicUrl?: string;
}

/** Where the service really runs: outside AWS, behind the partner's firewall. */
export interface Upstream {
  protocol: "https" | "http";
  /** Domain name or IPv4 address. */
  host: string;
  port: number;
  /** Name the certificate must carry; default `host`. https only. */
  serverName?: string;
  /** PEM certificates that may have signed it; default: the certificate authorities the operating system trusts. */
  ca?: string;
  /** Path that answers 2xx when the service is well, for the check of the upstream. Default `/`. */
  healthPath?: string;
}

/** Where Nginx runs: the differences between a proxy in EC2, a test and a laptop. */
export interface ProxyMachine {
  /** Folder for the process id, the sockets and temporary files. */
  runtime: string;
  /** Folder for access.log and error.log. */
  logs: string;
  /** PEM bundle of the certificate authorities the operating system trusts. */
  systemCa: string;
  /** Address the services listen on; absent: all. */
  address?: string;
  /** Number of worker processes, default one per core. */
  workers?: number;
}

/**
 * The `Host` of a request that came the right way: API Gateway sends the load balancer's own name, which the stage
 * variable VPCNLB holds. Requests for any other name get no answer.
 */
export const loadBalancerName = /^[a-z0-9-]+\.elb\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

/** Name of the proxy's unit, user folders and log folder on a machine. */
export const proxyName = (stage: string) => `gateway-psc-${stage}`;

/** Where things are on a proxy in EC2; `systemCa` is a link that the install script makes. */
export function ec2Machine(stage: string): ProxyMachine {
  const name = proxyName(stage);
  return { runtime: `/run/${name}`, logs: `/var/log/${name}`, systemCa: `/etc/${name}/system-ca.pem` };
}

/**
 * Amazon's DNS server on its link-local address, the same in every VPC; security groups do not filter it.
 * Source: Amazon VPC user guide, "DNS attributes for your VPC" and "Security groups" (traffic not filtered).
 */
export const vpcResolver = "169.254.169.253";

export const defaultHealthPort = 8079;
export const defaultMaxBodyMb = 10;
