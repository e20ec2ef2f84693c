import type { ReactNode } from 'react';
import type { ProjectView } from '../../../src/client/index.ts';

/** Warnings of a model's training, each on a line of its own. */
export function Warnings({ texts }: { readonly texts: readonly string[] }): ReactNode {
  if (texts.length === 0) return null;
  return (
    <div className="note warn notices">
      <strong>Check before you trust it</strong>
      <ul>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  );
}

/** What the project declares and this version does not run, and what could not be checked. */
export function Notices({ notices }: Pick<ProjectView, 'notices'>): ReactNode {
  if (notices.length === 0) return null;
  return (
    <div className="note warn notices">
      <strong>Notes on the project</strong>
      <ul>
        {notices.map(({ declared, text }) => (
          <li key={`${declared} ${text}`}>
            {declared}: {text}
          </li>
        ))}
      </ul>
    </div>
  );
}
