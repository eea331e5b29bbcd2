import type { IncomingHttpHeaders } from "node:http";

export interface StandInRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** The body is sent as JSON. */
export interface StandInResponse {
  status: number;
  body: unknown;
}

/** What every secret of a stack holds here; nothing outside this process accepts them. */
export const localSecrets = { clientSecret: "local-client-secret", processSecret: "local-process-secret" };
