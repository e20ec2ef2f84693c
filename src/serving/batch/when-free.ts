import { setTimeout as sleep } from 'node:timers/promises';
import { PlatformError } from '../../kernel/errors.ts';

interface WhenFree {
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** How often the work is tried. */
  readonly tries: number;
  /** Milliseconds between two tries. @default 1000 */
  readonly pause?: number;
}

/** Does work again as long as the model is busy. @throws PlatformError MODEL_BUSY after the last try or an abort; other errors at once */
export async function whenFree<Result>(
  work: () => Promise<Result>,
  { signal, tries, pause = 1000 }: WhenFree,
): Promise<Result> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      const isBusy = error instanceof PlatformError && error.code === 'MODEL_BUSY';
      if (!isBusy || tried === tries || signal?.aborted) throw error;
      await sleep(pause, undefined, { ...(signal && { signal }) }).catch(() => undefined);
    }
  }
}
