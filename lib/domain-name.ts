/** One label of a domain name in lower case. Source: RFC 1123, section 2.1. */
export const DOMAIN_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** A domain name in lower case, of at least two labels, without a trailing dot. */
export const DOMAIN_NAME = new RegExp(`^(?=.{1,253}$)(${DOMAIN_LABEL}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`);

/** A host name in lower case, of one label or more. A numeric last label would be an address, e.g. 10.1 for 10.0.0.1. */
export function isHostName(text: string): boolean {
  return (
    new RegExp(`^(?=.{1,253}$)(${DOMAIN_LABEL}\\.)*${DOMAIN_LABEL}$`).test(text) &&
    !/(^|\.)[0-9]+$/.test(text)
  );
}

export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65535;
}

/** Characters of a certificate's first name. Source: ACM API reference, RequestCertificate, DomainName ("64 octets"). */
export const COMMON_NAME_MAX = 64;

/** Length of the generated label of a certificate whose domain name is longer than that. */
export const SHORT_LABEL = 8;
