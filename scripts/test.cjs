'use strict';

/* `npm test`: every check that needs nothing but npm. */
require('./entry.cjs')(function () {
  return require('./tasks/test.cjs');
});
