const { availableParallelism } = require("node:os");

module.exports = {
  require: ["./lib/typescript.js"],
  parallel: true,
  // Mocha's own default is one job per core but one: a single one on two cores.
  jobs: Math.max(2, Math.min(8, availableParallelism())),
  timeout: 20_000,
};
