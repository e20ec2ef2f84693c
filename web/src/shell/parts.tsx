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

/** An error as it came: the sentence that helps first, then what was found where. */
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

/** Copies a text, and says so. */
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

/** The clipboard interface exists on secure pages alone; a server in the local network is often not one. */
async function writeClipboard(text: string): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

/** The start of a digest or id, whole on hover and in the clipboard. */
export function Digest({ of, what }: { readonly of: string; readonly what: string }): ReactNode {
  return (
    <span className="digest">
      <code title={of}>{of.slice(0, 10)}</code>
      <Copy text={of} what={what} />
    </span>
  );
}

/** A limit on a long list, raised by a button. @returns how many to show and the button, absent when all are shown */
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
