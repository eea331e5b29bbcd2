import { json, type ProxyEvent, type ProxyResult } from "../shared/proxy";

export async function handler(_event: ProxyEvent): Promise<ProxyResult> {
  return json(307, { message: "moved" });
}
