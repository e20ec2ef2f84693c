import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PlatformError } from '../../../src/client/index.ts';
import { Page } from './page.tsx';
import { signInAddress } from './sign-in.ts';

/** While a page's data is on its way; it shows itself only when that takes long. */
export function Pending(): ReactNode {
  return <output className="pending">Loading…</output>;
}

export function NotFound(): ReactNode {
  return (
    <Page title="Not found" crumbs={[{ text: 'Not found' }]}>
      <section className="lone">
        <h1>There is nothing at this address</h1>
        <p className="lead">It may have been mistyped. The name at the top leads to your projects.</p>
      </section>
    </Page>
  );
}

/** A page that could not be shown: what was wrong, what to do, and a way to try again. */
export function Failure({ error, reset }: ErrorComponentProps<unknown>): ReactNode {
  const router = useRouter();
  const known = error instanceof PlatformError ? error : undefined;
  const tryAgain = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <Page title="Something is wrong" crumbs={[{ text: titleOf(known) }]}>
      <section className="lone">
        <h1>{titleOf(known)}</h1>
        <p className="lead">{known ? known.detail.remedy : 'This page broke. It is our fault, not yours.'}</p>
        <p className="faint">{known ? known.message : String(error)}</p>
        {known?.code === 'UNAUTHENTICATED' ? (
          <a href={signInAddress()}>Sign in</a>
        ) : (
          <button type="button" onClick={tryAgain}>
            Try again
          </button>
        )}
      </section>
    </Page>
  );
}

function titleOf(error: PlatformError | undefined): string {
  if (error?.code === 'NOT_READY' && error.detail.field === 'server') return 'The server does not answer';
  if (error?.code === 'UNAUTHENTICATED') return 'You are not signed in';
  if (error?.code === 'ROUTE_NOT_FOUND') return 'This page is not for you, or not there';
  if (error?.status === 404) return `There is no such ${error.detail.field}`;
  return 'This page cannot be shown';
}
