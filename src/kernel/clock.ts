/** Milliseconds since 1970-01-01 UTC. Whatever tells the time takes one, so that a test can say what time it is. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
