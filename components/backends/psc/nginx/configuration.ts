/** The reverse proxy's configuration as plain values: no Outputs, no files. */
export interface ProxyConfiguration {
  /** The stage; part of the names of folders and the systemd unit, and of the health response. */
  stage: string;
  /** TCP port of the health endpoints; different from the services' ports. */
  healthPort: number;
  /** DNS servers, IPv4 with an optional port. In a VPC: 169.254.169.253. */
  resolvers: string[];
  services: ProxyService[];
}

/** One service: listens on `port`, forwards to `upstream`. */
export interface ProxyService {
  /** Service name, e.g. `ingest-api`. */
  name: string;
  /** TCP port of the load balancer's target group. */
  port: number;
  upstream: Upstream;
  /** Maximum request body in MB (2^20 bytes). API Gateway itself refuses more than 10 MB. */
  maxBodyMb: number;
  /** API Gateway's longest integration timeout for this service, in ms; the proxy times out just before. */
  timeoutMs: number;
  /** Public base URL of the API, e.g. `https://ingest.api.example.org` or with a base path. */
  publicUrl?: string;
}

/** The service's server, outside AWS and behind the partner's firewall. */
export interface Upstream {
  protocol: "https" | "http";
  /** Domain name or IPv4 address. */
  host: string;
  port: number;
  /** Name in the certificate; https only. Default: `host`. */
  serverName?: string;
  /** PEM certificates of its certificate authorities. Default: those that the operating system trusts. */
  ca?: string;
  /** Path that returns 2xx when the service is healthy, for the check of the upstream. Default: `/`. */
  healthPath?: string;
}

/** The machine that runs Nginx: an EC2 instance, a test or a laptop. */
export interface ProxyMachine {
  /** Folder for the PID file, the sockets and temporary files. */
  runtime: string;
  /** Folder for access.log and error.log. */
  logs: string;
  /** PEM bundle of the certificate authorities that the operating system trusts. */
  systemCa: string;
  /** Address the services listen on. Default: all. */
  address?: string;
  /** Number of worker processes. Default: one per core. */
  workers?: number;
}

/**
 * The `Host` header of requests from API Gateway: the load balancer's DNS name, from the stage variable VPCNLB. The
 * connection of other requests is closed without a response.
 */
export const loadBalancerName = /^[a-z0-9-]+\.elb\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

/** Name of the proxy's systemd unit, user and folders. */
export const proxyName = (stage: string) => `gateway-psc-${stage}`;

/** An EC2 instance; the install script creates the link `systemCa`. */
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
