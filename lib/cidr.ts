import ipaddr from "ipaddr.js";

/** Address ranges. An address without a prefix length is the range of that one address. */

type Address = ipaddr.IPv4 | ipaddr.IPv6;

export interface Range {
  family: "ipv4" | "ipv6";
  /** Prefix length */
  prefix: number;
  /** As RFC 5952 writes it, host bits included: `2001:db8::/32` for every notation of that range */
  text: string;
  /** The same without host bits: the network address */
  network: string;
}

/** Undefined when it is not an address or range. Only four-part IPv4 counts: AWS does not read `10.1/16`. */
export function parseRange(range: string): Range | undefined {
  const found = parse(range);
  if (!found) return undefined;
  const { address, prefix } = found;
  const family = address.kind();
  const text = `${address}/${prefix}`;
  const network = (family === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(text);
  return { family, prefix, text, network: `${network}/${prefix}` };
}

/** Whether bits after the prefix are set, as in 10.1.2.3/16. EC2 and AWS WAF refuse such a range. */
export function hasHostBits(range: Range): boolean {
  return range.text !== range.network;
}

/** Whether every address of `inner` (a range or one address) is in `outer`. False when either is malformed. */
export function contains(outer: string, inner: string): boolean {
  const [wide, narrow] = [parse(outer), parse(inner)];
  return wide !== undefined && narrow !== undefined && wide.prefix <= narrow.prefix && matches(wide, narrow);
}

/** Whether two ranges share an address. False when either is malformed. */
export function overlaps(a: string, b: string): boolean {
  return contains(a, b) || contains(b, a);
}

/** The first host of a range: the address after the network's, or the only one of a /32 or /128. */
export function firstHost(range: string): string | undefined {
  const found = parse(parseRange(range)?.network ?? "");
  if (!found) return undefined;
  const bytes = found.address.toByteArray();
  if (found.prefix < bytes.length * 8 - 1) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 1;
  return ipaddr.fromByteArray(bytes).toString();
}

/** The share of its family's address space, 0 to 1, that `ranges` cover together; addresses in several count once. */
export function coverage(ranges: readonly string[], family: Range["family"]): number {
  const networks = new Map<string, number>();
  for (const range of ranges.map(parseRange))
    if (range?.family === family) networks.set(range.network, range.prefix);
  const outermost = [...networks].filter(
    ([range]) => ![...networks.keys()].some((other) => other !== range && contains(other, range)),
  );
  return outermost.reduce((sum, [, prefix]) => sum + 2 ** -prefix, 0);
}

interface Parsed {
  address: Address;
  prefix: number;
}

function parse(text: string): Parsed | undefined {
  const [address = "", length, ...rest] = text.split("/");
  if (rest.length > 0 || !ipaddr.isValid(address)) return undefined;
  if (!address.includes(":") && !ipaddr.IPv4.isValidFourPartDecimal(address)) return undefined;
  // A socket that listens on both families reports IPv4 callers as ::ffff:192.0.2.1.
  const parsed = length === undefined ? ipaddr.process(address) : ipaddr.parse(address);
  const longest = parsed.kind() === "ipv4" ? 32 : 128;
  if (length === undefined) return { address: parsed, prefix: longest };
  if (!/^\d{1,3}$/.test(length) || Number(length) > longest) return undefined;
  return { address: parsed, prefix: Number(length) };
}

function matches(wide: Parsed, narrow: Parsed): boolean {
  if (wide.address.kind() !== narrow.address.kind()) return false;
  return narrow.address.match([wide.address, wide.prefix] as [ipaddr.IPv4, number]);
}
