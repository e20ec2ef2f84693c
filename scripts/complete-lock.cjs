'use strict';

/* `npm run lock:complete`, after `npm install` changed package-lock.json: see tasks/complete-lock.cjs. */
require('./entry.cjs')(function () {
  return require('./tasks/complete-lock.cjs');
});
