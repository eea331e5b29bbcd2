import { ownObject } from "../../lib/json";
import type { SpecDocument } from "../document";
import type { Report } from "./report";

const KEY = "x-amazon-apigateway-gateway-responses";

export function checkGatewayResponses({ root }: SpecDocument, report: Report): void {
  for (const [type, response] of Object.entries(ownObject(root, KEY) ?? {})) {
    for (const [contentType, template] of Object.entries(ownObject(response, "responseTemplates") ?? {})) {
      if (typeof template !== "string" || !/"\$context\.error\.message"/.test(template)) continue;
      const found = `The template of ${type} has "$context.error.message".`;
      report.add("gateway-response-quotes", [KEY, type, "responseTemplates", contentType], found);
    }
  }
}
