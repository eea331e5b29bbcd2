/** Which room may import which (CONTRIBUTING.md has the map), and that no import is circular, types included. */
const rooms = {
  lib: [],
  openapi: ["lib"],
  gateway: ["openapi/rest-api", "lib"],
  policies: ["openapi", "lib"],
  functions: ["lib"],
  components: ["functions", "openapi", "lib"],
  stacks: ["components", "functions", "openapi", "lib"],
  offline: ["stacks", "components", "policies", "functions", "openapi", "lib"],
  commands: ["offline", "gateway", "stacks", "components", "policies", "functions", "openapi", "lib"],
  local: ["gateway", "offline", "commands"],
};
const room = (names) => `^(${names.join("|")})/`;

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([name, allowed]) => ({
      name: `arrows-of-${name}`,
      comment: `${name}/ may import ${[name, ...allowed].join(", ")} only.`,
      severity: "error",
      from: { path: room([name]) },
      to: { path: room([...Object.keys(rooms), "tests"]), pathNot: room([name, ...allowed]) },
    })),
    {
      name: "no-cycles",
      comment: "Neither at run time nor between types.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "lib-without-aws",
      comment: "lib/ is plain data and text.",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: "node_modules/(@pulumi|@aws-sdk)/" },
    },
    {
      name: "functions-as-types-only",
      comment: "A component knows the shape of a bundle; the Lambda code itself never runs in the program.",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^functions/", dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    includeOnly: { path: "^(index\\.ts$|node_modules/|tests/|" + Object.keys(rooms).map((name) => `${name}/`).join("|") + ")" },
  },
};
