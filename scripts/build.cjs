'use strict';

/* `npm run build`: compiles the product and its pages into dist. */
require('./entry.cjs')(function () {
  return require('./tasks/build.cjs');
});
