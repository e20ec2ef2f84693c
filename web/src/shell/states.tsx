import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PlatformError } from '../../../src/client/index.ts';
import { canPass } from './can-pass.ts';
import { Page } from './page.tsx';
import { projectAbove } from './project-above.ts';
import { signInAddress } from './sign-in.ts';

/** Shown while a page loads its data, if that takes long. */
export function Pending(): ReactNode {
  return <output className="pending">Loading…</output>;
}

export function NotFound(): ReactNode {
  return (
    <Page title="Not found" crumbs={[{ text: 'Not found' }]}>
      <section className="lone">
        <h1>Page not found</h1>
        <p className="lead">
          Check the address, or go to <a href="/">your projects</a>.
        </p>
      </section>
    </Page>
  );
}

/** Shown when a page fails: what went wrong and what to do next. */
export function Failure({ error, reset }: ErrorComponentProps<unknown>): ReactNode {
  const router = useRouter();
  const failure = error instanceof PlatformError ? error : undefined;
  const tryAgain = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <Page title="Error" crumbs={[{ text: titleOf(failure) }]}>
      <section className="lone">
        <h1>{titleOf(failure)}</h1>
        <p className="lead">
          {failure ? failure.detail.remedy : 'This page failed because of a bug in Modelyard.'}
        </p>
        <p className="faint">{failure ? formatCause(failure) : String(error)}</p>
        <NextStep failure={failure} onRetry={tryAgain} />
      </section>
    </Page>
  );
}

interface NextStepProps {
  readonly failure: PlatformError | undefined;
  readonly onRetry: () => void;
}

/** A link for an error that the same request would meet again, and a button for one that can pass. */
function NextStep({ failure, onRetry }: NextStepProps): ReactNode {
  if (failure?.code === 'UNAUTHENTICATED') return <a href={signInAddress()}>Sign in</a>;
  if (failure && !canPass(failure)) return <WaysBack failure={failure} />;
  return (
    <button type="button" onClick={onRetry}>
      Try again
    </button>
  );
}

/** Links to the project that the address is below, unless that is what is unknown, and to all projects. */
function WaysBack({ failure }: { readonly failure: PlatformError }): ReactNode {
  const project = projectAbove(location.pathname, failure);
  return (
    <p>
      {project !== undefined && (
        <>
          <a href={`/projects/${encodeURIComponent(project)}`}>Project {project}</a>
          {' or '}
        </>
      )}
      {location.pathname.startsWith('/models/') && (
        <>
          <a href="/models">All models</a>
          {' or '}
        </>
      )}
      <a href="/">Your projects</a>
    </p>
  );
}

/** 'run: 0123', and each other fault of the same input. */
function formatCause({ detail }: PlatformError): string {
  return [detail, ...(detail.more ?? [])]
    .map(({ field, value }) => `${field}: ${value === undefined ? 'missing' : JSON.stringify(value)}`)
    .join('; ');
}

function titleOf(error: PlatformError | undefined): string {
  if (error?.code === 'NOT_READY' && error.detail.field === 'server') return 'The server does not respond';
  if (error?.code === 'UNAUTHENTICATED') return 'You are not signed in';
  if (error?.code === 'ROUTE_NOT_FOUND') return 'Page not found, or you have no access';
  if (error?.status === 404) return `No such ${error.detail.field}`;
  return 'This page cannot be displayed';
}
