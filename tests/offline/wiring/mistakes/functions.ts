import { forAuthorizers, forRoutes, remove, set } from "../../wires";
import type { PlantedMistake } from ".";

export const functions: PlantedMistake[] = [
  {
    what: "an authorizer without invoke permission",
    rule: "authorizer-without-permission",
    where: /^service uuid-api$/,
    mistake: (find, recording) => remove(recording, find("Permission", "uuid-api", forAuthorizers)),
  },
  {
    what: "an authorizer's permission for another API",
    rule: "authorizer-without-permission",
    where: /^service uuid-api$/,
    mistake: (find) =>
      set(find("Permission", "uuid-api", forAuthorizers), {
        sourceArn: find("Permission", "entity-api", forAuthorizers).inputs.sourceArn,
      }),
  },
  {
    what: "a 404 function without invoke permission",
    rule: "function-without-permission",
    where: /^service uuid-api, ANY \//,
    mistake: (find, recording) => remove(recording, find("Permission", "uuid-api", forRoutes)),
  },
  {
    what: "a definition that calls a function nobody declares",
    rule: "unknown-function",
    where: /^service uuid-api/,
    mistake: (find, recording) => remove(recording, find("Function", "dev-not-found")),
  },
  {
    what: "an authorizer that calls the function of another level",
    rule: "authorizer-of-another-level",
    where: /^service uuid-api$/,
    mistake: (find) => {
      const api = find("RestApi", "uuid-api");
      const name = (level: string) => String(find("Function", `dev-${level}-authorizer`).outputs.name);
      set(api, { body: String(api.inputs.body).replaceAll(name("read"), name("create")) });
    },
  },
  {
    what: "an authorizer that calls the 404 function",
    rule: "authorizer-of-another-level",
    where: /^service uuid-api$/,
    mistake: (find) => {
      const api = find("RestApi", "uuid-api");
      const [read, other] = [find("Function", "dev-read-authorizer"), find("Function", "dev-not-found")];
      const body = String(api.inputs.body).replaceAll(String(read.outputs.name), String(other.outputs.name));
      set(api, { body });
    },
  },
];
