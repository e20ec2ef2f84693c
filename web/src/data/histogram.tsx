import type { ReactNode } from 'react';

const height = 20;

/** Counts as bars side by side. The row beside it has the figures. */
export function Histogram({ counts }: { readonly counts: readonly number[] }): ReactNode {
  const largest = Math.max(...counts, 1e-9);
  return (
    <svg
      className="histogram"
      viewBox={`0 0 ${counts.length * 5} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {counts.map((count, index) => {
        // A bin that is not empty stays visible.
        const tall = count === 0 ? 0 : Math.max(1, (count / largest) * height);
        return <rect key={index} x={index * 5} y={height - tall} width={4} height={tall} />;
      })}
    </svg>
  );
}
