'use strict';

const { build } = require('../parts/dist.cjs');
const { ensureInstalled } = require('../parts/install.cjs');

async function run() {
  await ensureInstalled();
  await build();
}

module.exports = run;
