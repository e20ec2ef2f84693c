import { z } from 'zod';
import type { ReproductionView, RunOutcome, RunRow, TaskView, VerdictView } from '../api/views.ts';

const view = <View extends object>() =>
  z.custom<View>((value) => typeof value === 'object' && value !== null);

const runOutcome: z.ZodType<RunOutcome> = z.object({
  run: view<RunRow>().nullable(),
  tasks: z.array(view<TaskView>()),
  verdicts: z.array(view<VerdictView>()),
  reproduction: view<ReproductionView>().exactOptional(),
});

/** The outcome that a job stored; undefined for what another release stored otherwise. */
export function readOutcome(stored: unknown): RunOutcome | undefined {
  return runOutcome.safeParse(stored).data;
}
