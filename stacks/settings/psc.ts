import { z } from "zod";
import { domainName, instanceId, port } from "./fields";

/** A backend at PSC, reached through an Nginx reverse proxy on EC2. */
export const pscBackendSchema = z.strictObject({
  host: domainName.describe("Name of the virtual machine at PSC"),
  port: port.describe("Its HTTPS port"),
  proxy: instanceId.optional().describe("An existing EC2 instance that runs the Nginx proxy"),
});

export type PscBackendSettings = z.infer<typeof pscBackendSchema>;
