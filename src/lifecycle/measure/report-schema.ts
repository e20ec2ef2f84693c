import { z } from 'zod';
import type { Report } from '../../training/report/report.ts';
import { targetSchema } from '../version/prediction-rule.ts';

const metrics = z.record(z.string(), z.number().nullable());
const part = { rows: z.number(), metrics, others: z.record(z.string(), metrics) };
const cell = z.union([z.string(), z.number(), z.boolean()]).nullable();

/** A report as `evaluate` stores it. Those of older releases lack what is optional. */
export const reportSchema: z.ZodType<Report> = z.object({
  format: z.literal(1),
  target: targetSchema,
  ...part,
  residuals: z
    .object({
      quantiles: metrics,
      histogram: z.object({
        from: z.number(),
        to: z.number(),
        counts: z.array(z.number()),
        outside: z.tuple([z.number(), z.number()]).optional(),
      }),
    })
    .optional(),
  columns: z
    .array(z.object({ name: z.string(), range: z.tuple([z.number(), z.number()]).optional() }))
    .optional(),
  scatter: z.array(z.tuple([z.number(), z.number()])).optional(),
  cutoffs: z
    .object({
      rows: z.number(),
      yes: z.number(),
      called: z.array(z.number()),
      right: z.array(z.number()),
    })
    .optional(),
  roc: z.array(z.object({ from: z.number(), falseAlarms: z.number(), found: z.number() })).optional(),
  confusion: z
    .object({ classes: z.array(z.string().nullable()), counts: z.array(z.array(z.number())) })
    .optional(),
  reliability: z
    .array(
      z.object({
        class: z.string(),
        bins: z.array(
          z.object({
            rows: z.number(),
            meanProbability: z.number().nullable(),
            shareOfYes: z.number().nullable(),
          }),
        ),
      }),
    )
    .optional(),
  segments: z.array(
    z.object({
      column: z.string(),
      groups: z.array(
        z.object({ value: z.string(), range: z.tuple([z.number(), z.number()]).optional(), ...part }),
      ),
    }),
  ),
  overTime: z.array(z.object({ from: z.string(), to: z.string(), ...part })),
  worst: z.array(
    z.object({
      row: z.number(),
      loss: z.number().nullable(),
      truth: z.union([z.string(), z.number(), z.boolean()]),
      predicted: z.union([z.number(), z.record(z.string(), z.number().nullable())]).nullable(),
      values: z.record(z.string(), cell),
    }),
  ),
  importances: z
    .object({
      rows: z.number(),
      loss: z.number(),
      features: z.array(
        z.object({
          feature: z.string(),
          origin: z.object({ fields: z.array(z.string()), lookups: z.array(z.string()) }).optional(),
          increase: z.number(),
        }),
      ),
    })
    .optional(),
});
