'use strict';

const { ensureBuilt } = require('../parts/dist.cjs');
const { ensureInstalled } = require('../parts/install.cjs');
const { printPart, printSum } = require('../parts/report.cjs');
const { Stop } = require('../parts/stop.cjs');
const { runTests } = require('../parts/vitest.cjs');

async function installAndBuild() {
  await ensureInstalled();
  await ensureBuilt();
}

/** `unit` takes node_modules as it is, so that the same folder can be tried with another Node. */
const suites = {
  unit: { config: 'vitest.config.ts', prepare: async () => undefined },
  compat: { config: 'vitest.compat.config.ts', prepare: installAndBuild },
  e2e: { config: 'vitest.e2e.config.ts', prepare: installAndBuild },
};

async function run([name = '', ...files]) {
  const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (suite === undefined)
    throw new Stop(`There is no suite '${name}'. Name one of ${Object.keys(suites).join(', ')}.`);
  await suite.prepare();
  const part = {
    name: `${name} tests on Node ${process.versions.node}`,
    ...(await runTests(suite.config, { files })),
  };
  printPart(part);
  return printSum([part]);
}

module.exports = run;
