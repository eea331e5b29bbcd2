import { corsHeaders, json, type ProxyEvent, type ProxyResult } from "../shared/proxy";
import { locationOf } from "./location";

/**
 * Makes the function that sends every call of a retired API version to its successor. 307 keeps method and body,
 * and is not cached unless told to be, so a retirement can be taken back.
 * Environment: REDIRECT_TO, the successor's URL; REDIRECT_MESSAGE, for people who read the answer; CORS_HEADERS.
 * @throws when REDIRECT_TO is no plain http(s) URL: then the function does not start at all.
 */
export function createRedirect(environment: NodeJS.ProcessEnv): (event: ProxyEvent) => Promise<ProxyResult> {
  const base = environment.REDIRECT_TO ?? "";
  const message = environment.REDIRECT_MESSAGE || `This version of the API is retired: use ${base}`;
  const cors = corsHeaders(environment);
  locationOf({}, base);
  // A preflight must be answered with 2xx: a browser follows no redirect of it.
  // Source: https://fetch.spec.whatwg.org/#cors-preflight-fetch ("an ok status")
  const allowed = Object.keys(cors).length > 0;
  return async (event) =>
    allowed && event.httpMethod === "OPTIONS"
      ? { statusCode: 204, headers: cors, body: "" }
      : json(307, { message }, { ...cors, Location: locationOf(event, base) });
}
