import { z } from "zod";
import { instanceId } from "../settings/fields";
import type { BackendKind } from "./kind";

const schema = z
  .array(instanceId)
  .min(1)
  .describe("IDs of the EC2 instances that run the service on its port");

/** Existing EC2 instances. */
export const ec2: BackendKind<typeof schema> = {
  schema,
  instances: (instances) => instances,
  plan: (services) => ({
    findings: [],
    create() {
      // Loaded here, so that commands which only read settings do not load Pulumi's providers.
      const { Ec2Backend } =
        require("../../components/backends/ec2-backend") as typeof import("../../components/backends/ec2-backend");
      return { backends: new Map(services.map(({ name, backend }) => [name, new Ec2Backend(backend)])) };
    },
  }),
};
