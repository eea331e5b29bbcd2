import { unsupportedRules } from "./handlers/firewall";
import type { Method } from "./model";
import type { Runtime } from "./runtime";

/** What is served differently from AWS: named at start instead of passed over in silence. */
export function startNotes({ api, options }: Runtime): string[] {
  return [
    ...api.methods.flatMap((method) =>
      method.ignored.map(
        (scheme) =>
          `${nameOf(method)}: the security scheme ${scheme} has no authorizer, AWS does not enforce it`,
      ),
    ),
    ...api.refusedByAws.map((line) => `AWS would refuse this definition: ${line}`),
    ...unsupportedRules(options.webAcl).map((rule) => `not evaluated locally: ${rule}`),
    ...api.methods.flatMap((method) =>
      method.authorization.type === "COGNITO_USER_POOLS" && !options.keySets
        ? [
            `${nameOf(method)}: no key set is configured for the authorizer ${method.authorization.authorizer.name}`,
          ]
        : [],
    ),
  ];
}

const nameOf = ({ httpMethod, path }: Method): string => `${httpMethod} ${path}`;
