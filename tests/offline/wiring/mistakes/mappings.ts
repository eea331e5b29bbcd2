import { remove, set } from "../../wires";
import type { PlantedMistake } from ".";

export const mappings: PlantedMistake[] = [
  {
    what: "a stage variable that is used but not set",
    rule: "stage-variable-unset",
    where: /^service uuid-api$/,
    mistake: (find) => {
      const stage = find("Stage", "uuid-api");
      const { VPCLINK } = stage.inputs.variables as Record<string, string>;
      set(stage, { variables: { VPCLINK } });
    },
  },
  {
    what: "a mapping to another stage",
    rule: "mapping-to-another-stage",
    where: /^mapping uuid-api/,
    mistake: (find) => set(find("ApiMapping", "uuid-api"), { stage: "test" }),
  },
  {
    what: "a mapping to an API of another stack",
    rule: "mapping-to-unknown-api",
    where: /^mapping uuid-api/,
    mistake: (find) => set(find("ApiMapping", "uuid-api"), { apiId: "a1b2c3d4e5" }),
  },
  {
    what: "a mapping of a domain name nobody declares",
    rule: "mapping-of-unknown-domain",
    where: /^mapping uuid-api/,
    mistake: (find) => set(find("ApiMapping", "uuid-api"), { domainName: "uuid.example.net" }),
  },
  {
    what: "an API that no mapping points to",
    rule: "api-without-mapping",
    where: /^service uuid-api$/,
    mistake: (find, recording) => remove(recording, find("ApiMapping", "uuid-api")),
  },
  {
    what: "two mappings on one path",
    rule: "mappings-on-one-path",
    where: /^mapping entity-api/,
    mistake: (find) =>
      set(find("ApiMapping", "entity-api"), {
        domainName: find("ApiMapping", "uuid-api").inputs.domainName,
      }),
  },
  {
    what: "a stage that serves another API's deployment",
    rule: "deployment-of-another-api",
    where: /^service uuid-api$/,
    mistake: (find) => set(find("Stage", "uuid-api"), { deployment: find("Deployment", "entity-api").id }),
  },
  {
    what: "a stage without a deployment",
    rule: "stage-without-deployment",
    where: /^service uuid-api$/,
    mistake: (find) => set(find("Stage", "uuid-api"), { deployment: "" }),
  },
  {
    what: "an output that became text",
    rule: "broken-value",
    where: /TargetGroup dev-2222/,
    mistake: (find) => set(find("TargetGroup", "uuid-api"), { tags: { url: "https://undefined:2222/x" } }),
  },
];
