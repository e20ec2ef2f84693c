'use strict';

/** Ends a script with a message for the person who started it; anything else thrown is a fault of ours. */
class Stop extends Error {
  name = 'Stop';
}

module.exports = { Stop };
