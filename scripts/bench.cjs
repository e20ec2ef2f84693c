'use strict';

/* `npm run bench -- <name>`: us beside a peer. See tasks/bench.cjs. */
require('./entry.cjs')(function () {
  return require('./tasks/bench.cjs');
});
