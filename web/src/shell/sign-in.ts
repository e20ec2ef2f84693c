import { PlatformError } from '../../../src/client/index.ts';

const lastAsked = 'modelyard-asked-to-sign-in';
/** Milliseconds: who comes back from a sign-in sooner than this and is still not known would go round for ever. */
const tooSoon = 10_000;

/** Leaves for the sign-in where the server does not know who asks, and comes back to this page. */
export function signInWhenAsked(error: Error): void {
  if (!(error instanceof PlatformError) || error.code !== 'UNAUTHENTICATED') return;
  const asked = Number(sessionStorage.getItem(lastAsked) ?? 0);
  if (Date.now() - asked < tooSoon) return;
  sessionStorage.setItem(lastAsked, String(Date.now()));
  location.assign(signInAddress());
}

/** Where to sign in, to come back to this page. */
export function signInAddress(): string {
  const { pathname, search, hash } = location;
  return `/sign-in?to=${encodeURIComponent(pathname + search + hash)}`;
}
