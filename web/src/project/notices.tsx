import type { ReactNode } from 'react';
import type { ProjectView } from '../../../src/client/index.ts';

/** What the project declares and this version does not run. */
export function Notices({ notices }: Pick<ProjectView, 'notices'>): ReactNode {
  if (notices.length === 0) return null;
  return (
    <div className="note warn notices">
      <strong>Declared in the project file, but without effect</strong>
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
