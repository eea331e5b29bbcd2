import type { CompileSettings } from "../settings";
import type { CompileTargets } from ".";
import { DEFAULT_ACCESS, PUBLIC } from "./access";

/** The levels that this gateway has of itself. */
const LEVELS = ["read", "create", "data-admin"];

/**
 * Targets for a definition that is compiled outside a deployment. API Gateway puts region and account in at import
 * (`${AWS::Region}`, `${AWS::AccountId}`); the functions are called `<level>-authorizer` and `not-found`. What an adopted
 * gateway had stays as it was.
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
      levels.map((level) => [level, { uri: invokeArn(`${level}-authorizer`), ttlSeconds: 0 }]),
    ),
    ...(typeof catchAll !== "object" && { notFound: { uri: invokeArn("not-found") } }),
  };
}

function invokeArn(name: string): string {
  const lambda = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function";
  return `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/${lambda}:${name}/invocations`;
}
