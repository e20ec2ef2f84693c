import type { ReactNode } from 'react';
import type { ModelView, VersionView } from '../../../src/client/index.ts';

/** The latest version of a model without a live one, if the gate held it. */
export function heldFirst({ live, versions: [latest] }: ModelView): VersionView | undefined {
  return live === null && latest?.verdict?.decision.kind === 'hold' ? latest : undefined;
}

/** Why a version is held, and how a person puts it live. */
export function HeldFirst({ held }: { readonly held: VersionView }): ReactNode {
  const { summary = 'held', command = '' } = held.verdict ?? {};
  return (
    <>
      Version {held.version} is {withStop(summary)}
      {command !== '' && !summary.includes(command) && (
        <>
          {' '}
          To put it live by hand: <code className="command">{command}</code>
        </>
      )}
    </>
  );
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
