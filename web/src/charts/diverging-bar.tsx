import type { ReactNode } from 'react';

/** A bar from the middle: to the right for more, to the left for less. The caller prints the number beside it. */
export function DivergingBar({ share }: { readonly share: number }): ReactNode {
  const width = `${Math.min(1, Math.abs(share)) * 50}%`;
  return (
    <span className="diverging" aria-hidden="true">
      <i className={share < 0 ? 'less' : 'more'} style={{ width }} />
    </span>
  );
}
