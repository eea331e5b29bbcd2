import { corsHeaders, json, type ProxyResult } from "../shared/proxy";

const answer = json(404, { message: "Unable to find the requested resource" }, corsHeaders(process.env));

/** Answers every path and method that no API defines. */
export async function handler(): Promise<ProxyResult> {
  return answer;
}
