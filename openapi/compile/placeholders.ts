import { invokeArn } from "../../lib/arn";
import type { CompileSettings } from "../settings";
import type { CompileTargets } from ".";
import { DEFAULT_ACCESS, PUBLIC } from "./access";

/** The access levels that every gateway of this program has. */
const LEVELS = ["read", "create", "data-admin"];

/**
 * Targets for a definition that is compiled outside a deployment. API Gateway inserts region and account at
 * import (`${AWS::Region}`, `${AWS::AccountId}`); the functions are called `<level>-authorizer` and `not-found`. What an
 * adopted gateway had stays as it was.
 */
export function placeholderTargets(settings: CompileSettings): CompileTargets {
  const kept = Object.entries(settings.authorizers ?? {}).flatMap(([name, { level }]) => [
    name,
    ...(level ? [level] : []),
  ]);
  const { access, catchAll } = settings;
  const named = [
    access?.default ?? DEFAULT_ACCESS,
    ...Object.values(access?.rules ?? {}),
    ...Object.values(access?.schemes ?? {}),
  ];
  const levels = [...new Set([...LEVELS, ...named])].filter(
    (level) => level !== PUBLIC && !kept.includes(level),
  );
  return {
    authorizers: Object.fromEntries(
      levels.map((level) => [level, { uri: placeholderArn(`${level}-authorizer`), ttlSeconds: 0 }]),
    ),
    ...(typeof catchAll !== "object" && { notFound: { uri: placeholderArn("not-found") } }),
  };
}

function placeholderArn(name: string): string {
  return invokeArn({
    partition: "${AWS::Partition}",
    region: "${AWS::Region}",
    accountId: "${AWS::AccountId}",
    name,
  });
}
