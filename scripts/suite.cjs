'use strict';

/* One suite of tests with its own configuration: `node scripts/suite.cjs unit|e2e|compat [part of a file's path …]`. */
require('./entry.cjs')(function () {
  return require('./tasks/suite.cjs');
});
