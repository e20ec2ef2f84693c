'use strict';

/* `npm run test:package`: what `npm pack` would send out, and whether others can import it. */
require('./entry.cjs')(function () {
  return require('./tasks/package.cjs');
});
