import { corsHeaders, json, type ProxyEvent, type ProxyResult } from "../shared/proxy";
import { locationOf } from "./location";

/**
 * Creates the function that redirects every call of a retired API version to its successor. 307 keeps method and body
 * and is not cached by default, so a retirement can be undone.
 * Environment: REDIRECT_TO, the successor's URL; REDIRECT_MESSAGE, for people who read the response; CORS_HEADERS.
 * @throws when REDIRECT_TO is not a plain http(s) URL: the function does not start then.
 */
export function createRedirect(environment: NodeJS.ProcessEnv): (event: ProxyEvent) => Promise<ProxyResult> {
  const base = environment.REDIRECT_TO ?? "";
  const message = environment.REDIRECT_MESSAGE || `This version of the API is retired: use ${base}`;
  const cors = corsHeaders(environment);
  locationOf({}, base);
  // The response to a preflight must be 2xx: a browser does not follow a redirect of it.
  // Source: https://fetch.spec.whatwg.org/#cors-preflight-fetch ("an ok status")
  const allowed = Object.keys(cors).length > 0;
  return async (event) =>
    allowed && event.httpMethod === "OPTIONS"
      ? { statusCode: 204, headers: cors, body: "" }
      : json(307, { message }, { ...cors, Location: locationOf(event, base) });
}
