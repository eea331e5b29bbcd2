import { objectAt } from "../../lib/json";
import type { Recorder } from "../recorder";

const KEY = "x-amazon-apigateway-gateway-responses";

export function checkGatewayResponses(record: Recorder): void {
  for (const [type, response] of Object.entries(objectAt(record.document.root, KEY) ?? {})) {
    for (const [contentType, template] of Object.entries(objectAt(response, "responseTemplates") ?? {})) {
      if (typeof template !== "string" || !/"\$context\.error\.message"/.test(template)) continue;
      record.add("gateway-response-quotes", [KEY, type, "responseTemplates", contentType], type);
    }
  }
}
