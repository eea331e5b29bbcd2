import { unsupportedRules } from "./handlers/firewall";
import { parseJsonPath } from "./mapping/json-path-parser";
import { compileTemplate } from "./mapping/velocity";
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
    ...api.methods.flatMap((method) => [...templateNotes(method), ...streamingNotes(method)]),
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

/** Templates that do not parse, and JSONPaths in them that do not: requests that need one get 500. */
function templateNotes(method: Method): string[] {
  const { requestTemplates, responses } = method.integration;
  const templates = [
    ...[...requestTemplates].map(([type, text]) => [`request template for ${type}`, text] as const),
    ...responses.flatMap(({ statusCode, templates: byType }) =>
      [...byType].map(([type, text]) => [`response template of ${statusCode} for ${type}`, text] as const),
    ),
  ];
  return templates.flatMap(([name, text]) => {
    const where = `${nameOf(method)}: the ${name}`;
    const problem = problemOf(() => compileTemplate(text));
    if (problem !== undefined) return [`${where} is not valid VTL, ${problem}`];
    return [...text.matchAll(/\$!?\{?input\.(?:json|path)\(\s*(["'])(.*?)\1\s*\)/g)].flatMap(
      ([, , path = ""]) => {
        // A path with references in it is known only when the template runs.
        const invalid = /\$[A-Za-z{!]/.test(path) ? undefined : problemOf(() => parseJsonPath(path));
        return invalid === undefined ? [] : [`${where} has an invalid JSONPath: ${invalid}`];
      },
    );
  });
}

function streamingNotes(method: Method): string[] {
  return method.integration.uri.includes("response-streaming-invocations")
    ? [`${nameOf(method)}: the function's response is streamed on AWS, and buffered here`]
    : [];
}

function problemOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
