import type { Measured } from './measured.ts';

export interface BenchContext {
  /** Smaller sizes and fewer rounds, for a try: the figures mean little. */
  readonly quick: boolean;
  /** An empty folder, removed afterwards. */
  readonly folder: string;
  /** Reports a case as soon as it is measured. */
  readonly report: (measured: Measured) => void;
}

/** Measures us beside a peer. @throws Error if a side did not do the work, or the results differ */
export type Bench = (context: BenchContext) => Promise<void>;
