import { corsHeaders, json, type ProxyResult } from "../shared/proxy";

const response = json(404, { message: "Unable to find the requested resource" }, corsHeaders(process.env));

/** Responds to every path and method that no API defines. */
export async function handler(): Promise<ProxyResult> {
  return response;
}
