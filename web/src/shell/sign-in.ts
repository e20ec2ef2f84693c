import { PlatformError } from '../../../src/client/index.ts';

const lastAsked = 'modelyard-asked-to-sign-in';
/** Minimum milliseconds between redirects, so that a failed sign-in cannot loop. */
const tooSoon = 10_000;

/** Redirects to the sign-in if the server asks for it, and from there back to this page. */
export function signInWhenAsked(error: Error): void {
  if (!(error instanceof PlatformError) || error.code !== 'UNAUTHENTICATED') return;
  const asked = Number(sessionStorage.getItem(lastAsked) ?? 0);
  if (Date.now() - asked < tooSoon) return;
  sessionStorage.setItem(lastAsked, String(Date.now()));
  location.assign(signInAddress());
}

/** The address of the sign-in, which returns to this page. */
export function signInAddress(): string {
  const { pathname, search, hash } = location;
  return `/sign-in?to=${encodeURIComponent(pathname + search + hash)}`;
}
