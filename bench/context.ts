import type { Measured } from './measured.ts';

export interface BenchContext {
  /** Smaller sizes and fewer rounds, to try it: the figures say little. */
  readonly quick: boolean;
  /** An empty folder, removed afterwards. */
  readonly folder: string;
  /** Tells a case as soon as it is measured. */
  readonly report: (measured: Measured) => void;
}

/** Measures us beside a peer. @throws Error when a side did not do the work, or gave another answer than the other */
export type Bench = (context: BenchContext) => Promise<void>;
