'use strict';

/* `npm start`: installs and builds what is stale, then opens the T20 example in the development server. */
require('./entry.cjs')(function () {
  return require('./tasks/start.cjs');
});
