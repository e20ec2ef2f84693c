'use strict';

/* `npm run test:faults [-- --short]`: breaks the product on purpose and prints what was lost. See tasks/faults.cjs. */
require('./entry.cjs')(function () {
  return require('./tasks/faults.cjs');
});
