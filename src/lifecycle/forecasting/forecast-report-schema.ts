import { z } from 'zod';
import type { ForecastReport } from '../../training/forecasting/forecast-report.ts';

/** Metrics by name; null if they cannot be measured. */
const metrics = z.record(z.string(), z.number().nullable());
/** Some steps: their number, the metrics of the version, and those of simpler forecasts by name. */
const part = { rows: z.number(), metrics, others: z.record(z.string(), metrics) };
/** As in the table: text, or a whole number. */
const time = z.union([z.string(), z.number()]);

/** A report as `evaluate-forecast` stores it. */
export const forecastReportSchema: z.ZodType<ForecastReport> = z.object({
  format: z.literal(1),
  ...part,
  series: z.number(),
  worstBy: z.string(),
  level: z.number(),
  byStep: z.array(z.object({ step: z.number(), ...part })),
  byOrigin: z.array(z.object({ fold: z.number(), from: time, to: time, ...part })),
  bySeries: z.array(z.object({ name: z.string(), ...part })),
  worst: z.array(
    z.object({
      series: z.string(),
      value: z.number().nullable(),
      history: z.array(z.object({ time, value: z.number() })),
      steps: z.array(
        z.object({
          time,
          truth: z.number(),
          predicted: z.number(),
          low: z.number(),
          high: z.number(),
        }),
      ),
    }),
  ),
});
