import { z } from 'zod';
import { forecasts } from '../../pipeline/declared-kinds.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import { digestSchema } from '../../pipeline/stored-result.ts';
import { comparedReports } from '../compared-reports.ts';
import { formatGated } from '../gate-decision.ts';
import { serverOperation } from '../server-operation.ts';
import type { TrainedOn } from '../version-manifest.ts';
import { evaluateForecast } from './evaluate-operation.ts';
import { fitForecast } from './fit-operation.ts';
import { isExternalForecast } from './external-forecast.ts';
import { passExternalForecastGate } from './external-forecast-gate.ts';
import { passForecastGate } from './forecast-gate.ts';

/** Registers the version and decides whether it goes live; in: `rows`, `model`, `metrics`, `report`. */
export const gateForecast = serverOperation({
  name: 'gate-forecast',
  description: 'Decides whether the new version goes live.',
  declared: forecasts,
  inputs: { rows: 'table', model: 'files?', metrics: 'value?', report: 'value?' },
  outputs: {},
  params: z.object({}),
  facts: z.object({
    /** Null if no client has registered a version yet. */
    version: z.number().nullable(),
    /** Why a client's version was not judged. */
    notJudged: z.string().nullable().default(null),
    verdict: z.number().nullable(),
    /** Null if it was not compared with a live version. */
    reports: comparedReports.nullable().default(null),
    /** The report of a version that was trained elsewhere, which the gate measures; null for others. */
    report: digestSchema.nullable().default(null),
  }),
  process: 'server',
  async plan(forecast, planning) {
    return {
      inputs: {
        rows: tableInput(forecast.rows),
        ...(!isExternalForecast(forecast) && {
          model: planning.from(fitForecast, 'model'),
          metrics: planning.from(evaluateForecast, 'metrics'),
          report: planning.from(evaluateForecast, 'report'),
        }),
      },
      params: {},
      // The live version may have changed since the last run.
      reuse: 'never',
    };
  },
  async run({ spec, declaration, deps, signal, onEvent, inputFacts, runId, decided }) {
    const input = { forecast: declaration, spec, runId, signal, onEvent };
    const outcome = isExternalForecast(declaration)
      ? await passExternalForecastGate(input, deps)
      : await passForecastGate({ ...input, trainedOn: trainedOnOf(inputFacts('model', fitForecast)) }, deps);
    const none = { verdict: null, notJudged: null, reports: null, report: null };
    if (!outcome) return { hit: true, facts: { ...none, version: null } };
    if ('notJudged' in outcome) return { hit: false, facts: { ...none, ...outcome } };
    decided(outcome);
    const { version, verdict, reports = null, report = null } = outcome;
    return {
      hit: !verdict,
      facts: { ...none, version: version.version, verdict: verdict?.id ?? null, reports, report },
    };
  },
  summary: (facts) => formatGated(facts),
});

function trainedOnOf({ series, values, from, to }: z.infer<typeof fitForecast.facts>): TrainedOn {
  return { rows: values, groups: series, from: String(from), to: String(to) };
}
