import { remove, set } from "../../wires";
import type { PlantedMistake } from ".";

/** The web ACL, not the component of the same name. */
const declared = ({ scope }: Record<string, unknown>) => scope !== undefined;

export const webAcl: PlantedMistake[] = [
  {
    what: "a web ACL with an IP set of another stack",
    rule: "unknown-ip-set",
    where: /^web ACL dev/,
    mistake: (find, recording) =>
      remove(
        recording,
        find("IpSet", undefined, ({ ipAddressVersion }) => ipAddressVersion === "IPV4"),
      ),
  },
  {
    what: "a web ACL for CloudFront",
    rule: "web-acl-of-another-scope",
    where: /^web ACL dev/,
    mistake: (find) => set(find("WebAcl", undefined, declared), { scope: "CLOUDFRONT" }),
  },
  {
    what: "a web ACL with a body that it does not declare",
    rule: "unknown-response-body",
    where: /^web ACL dev/,
    mistake: (find) => set(find("WebAcl", undefined, declared), { customResponseBodies: [] }),
  },
  {
    what: "a web ACL that admits nobody",
    rule: "web-acl-admits-nobody",
    where: /^web ACL dev/,
    mistake: (find) => set(find("WebAcl", undefined, declared), { rules: [] }),
  },
  {
    what: "an IP set with addresses of the other family",
    rule: "ip-set-of-another-family",
    where: /^web ACL dev/,
    mistake: (find) =>
      set(
        find("IpSet", undefined, ({ ipAddressVersion }) => ipAddressVersion === "IPV6"),
        { ipAddressVersion: "IPV4" },
      ),
  },
];
