import * as pulumi from "@pulumi/pulumi";
import type { CustomDomain } from "../components/edge/custom-domain";
import { ApiService } from "../components/rest-api/api-service";
import type { Stage } from "../components/stage/stage";
import { type CompileTargets, compile, loadText } from "../openapi";
import { named } from "./named";
import type { Settings } from "./settings";

/** Retired APIs: a redirect function handles all methods and paths. A service that is retired keeps its REST API and domain. */
export function createRetired(
  settings: Settings,
  stage: Stage,
  domains: ReadonlyMap<string, CustomDomain>,
): Record<string, ApiService> {
  const { retired, keepDeployments, throttle, logRetentionDays, tags } = settings;
  return Object.fromEntries(
    retired.map(({ name, domain, basePath }) => {
      const redirect = named(new Map(Object.entries(stage.functions.redirects)), name);
      const api = new ApiService(name, {
        stage,
        definition: pulumi
          .all([redirect.invokeArn, stage.functions.invokeRoleArn])
          .apply(([uri, role]) => retiredDefinition(name, uri, role)),
        domain: named(domains, domain),
        basePath,
        throttle,
        keepDeployments,
        logRetentionDays,
        tags,
      });
      return [name, api];
    }),
  );
}

/** A definition without operations, as JSON text: the catch-all routes everything to the function. */
export function retiredDefinition(name: string, uri: string, invokeRole: string): string {
  const spec = { openapi: "3.0.1", info: { title: name, version: "retired" }, paths: {} };
  const targets: CompileTargets = { authorizers: {}, notFound: { uri }, invokeRole };
  return JSON.stringify(compile(loadText(JSON.stringify(spec), `${name}.json`), {}, targets).definition);
}

/** The headers of `gateway:cors`, name to value. */
export function corsHeaders(cors: Settings["cors"]): Record<string, string> | undefined {
  if (!cors) return undefined;
  const { allowOrigin, allowMethods, allowHeaders } = cors;
  return {
    "Access-Control-Allow-Origin": allowOrigin,
    ...(allowMethods === undefined ? {} : { "Access-Control-Allow-Methods": allowMethods }),
    ...(allowHeaders === undefined ? {} : { "Access-Control-Allow-Headers": allowHeaders }),
  };
}
