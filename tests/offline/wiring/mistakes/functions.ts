import { invokes, remove, set } from "../../wires";
import type { PlantedMistake } from ".";

export const functions: PlantedMistake[] = [
  {
    what: "an authorizer that the role of the definition may not invoke",
    rule: "authorizer-without-permission",
    where: /^service uuid-api$/,
    mistake: (find, recording) =>
      remove(recording, find("RolePolicy", "dev-invoke", invokes("dev-read-authorizer"))),
  },
  {
    what: "a role that API Gateway may not assume",
    rule: "authorizer-without-permission",
    where: /^service uuid-api$/,
    mistake: (find) => {
      const role = find("Role", "dev-invoke");
      const { assumeRolePolicy } = role.inputs;
      set(role, { assumeRolePolicy: String(assumeRolePolicy).replace("apigateway", "lambda") });
    },
  },
  {
    what: "an authorizer with neither a role nor a permission",
    rule: "authorizer-without-permission",
    where: /^service uuid-api$/,
    mistake: (find) => {
      const api = find("RestApi", "uuid-api");
      set(api, { body: String(api.inputs.body).replace(/"authorizerCredentials":"[^"]+",/g, "") });
    },
  },
  {
    what: "a 404 function that the role of the definition may not invoke",
    rule: "function-without-permission",
    where: /^service uuid-api, ANY \//,
    mistake: (find, recording) =>
      remove(recording, find("RolePolicy", "dev-invoke", invokes("dev-not-found"))),
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
