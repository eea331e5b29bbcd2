import { corsHeaders, json, type ProxyEvent, type ProxyResult } from "../shared/proxy";
import { locationOf } from "./location";

const base = process.env.REDIRECT_TO ?? "";
const message = process.env.REDIRECT_MESSAGE || `This version of the API is retired: use ${base}`;
const cors = corsHeaders(process.env);
locationOf({}, base); // A wrong base fails the function's start, not a client's request.

/**
 * Sends every call of a retired API version to its successor. 307 keeps method and body; it is not cached
 * unless told to be, so a retirement can be taken back.
 */
export async function handler(event: ProxyEvent): Promise<ProxyResult> {
  return json(307, { message }, { ...cors, Location: locationOf(event, base) });
}
