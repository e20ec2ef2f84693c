const callSites = new WeakMap<object, Error>();

/** Remembers the stack of a `source`, `step` or `model` call, so that a mistake in it can name its file and line. */
export function withCallSite<Declared extends object>(declared: Declared): Declared {
  callSites.set(declared, new Error('declared here'));
  return declared;
}

/** The stack is `undefined` for a value that none of these calls made. */
export function callSiteOf(declared: object): Error | undefined {
  return callSites.get(declared);
}
