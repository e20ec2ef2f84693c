import { type ReactNode, useState } from 'react';
import type { ErrorBody } from '../../../src/client/index.ts';

interface CardProps {
  readonly title: ReactNode;
  /** Beside the title, at the far end. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Card({ title, aside, className = '', children }: CardProps): ReactNode {
  return (
    <section className={`card ${className}`}>
      <header>
        <h2>{title}</h2>
        {aside !== undefined && <div className="aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

/** An error with its message. */
export function ErrorNote({
  error,
  title,
}: {
  readonly error: ErrorBody;
  readonly title?: string;
}): ReactNode {
  return (
    <div className="note bad" role="alert">
      {title !== undefined && <strong>{title}</strong>}
      <p>{error.message}</p>
    </div>
  );
}

/** A button that copies a text. */
export function Copy({ text, what }: { readonly text: string; readonly what: string }): ReactNode {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await writeClipboard(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button type="button" className="quiet" onClick={() => void copy()} aria-label={`Copy ${what}`}>
      <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
    </button>
  );
}

/** The clipboard API needs HTTPS or localhost, which a server in the local network often lacks. */
async function writeClipboard(text: string): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

/** The start of a digest or id; a hover and the copy have all of it. */
export function Digest({ of, what }: { readonly of: string; readonly what: string }): ReactNode {
  return (
    <span className="digest">
      <code title={of}>{of.slice(0, 10)}</code>
      <Copy text={of} what={what} />
    </span>
  );
}

/** A limit on a long list, raised by a button. @returns the limit and the button; no button once everything is visible */
export function useLimit(total: number, first: number): readonly [limit: number, more: ReactNode] {
  const [limit, setLimit] = useState(first);
  const rest = total - limit;
  const more =
    rest > 0 ? (
      <button type="button" className="quiet more" onClick={() => setLimit(limit + Math.max(first, 50))}>
        Show {Math.min(rest, Math.max(first, 50)).toLocaleString('en-US')} more of{' '}
        {total.toLocaleString('en-US')}
      </button>
    ) : null;
  return [limit, more];
}
