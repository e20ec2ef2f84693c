/** Milliseconds since 1970-01-01 UTC. Code that needs the time takes a clock, so that tests can set it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
