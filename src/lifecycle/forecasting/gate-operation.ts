import { z } from 'zod';
import { forecasts } from '../../pipeline/declared-kinds.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import { comparedReports } from '../compared-reports.ts';
import { serverOperation } from '../server-operation.ts';
import { evaluateForecast } from './evaluate-operation.ts';
import { fitForecast } from './fit-operation.ts';
import { passForecastGate } from './forecast-gate.ts';

/** Registers the version and decides whether it goes live; in: `rows`, `model`, `metrics`, `report`. */
export const gateForecast = serverOperation({
  name: 'gate-forecast',
  description: 'Decides whether the new version goes live.',
  declared: forecasts,
  inputs: { rows: 'table', model: 'files', metrics: 'value', report: 'value' },
  outputs: {},
  params: z.object({}),
  facts: z.object({
    version: z.number(),
    verdict: z.number().nullable(),
    /** Null if it was not compared with a live version. */
    reports: comparedReports.nullable().default(null),
  }),
  process: 'server',
  async plan(forecast, planning) {
    return {
      inputs: {
        rows: tableInput(forecast.rows),
        model: planning.from(fitForecast, 'model'),
        metrics: planning.from(evaluateForecast, 'metrics'),
        report: planning.from(evaluateForecast, 'report'),
      },
      params: {},
      // The live version may have changed since the last run.
      reuse: 'never',
    };
  },
  async run({ spec, declaration, deps, signal, onEvent, inputFacts, runId, decided }) {
    const { series, values, from, to } = inputFacts('model', fitForecast);
    const trainedOn = { rows: values, groups: series, from: String(from), to: String(to) };
    const input = { forecast: declaration, spec, trainedOn, runId, signal, onEvent };
    const outcome = await passForecastGate(input, deps);
    decided(outcome);
    const { version, verdict, reports = null } = outcome;
    return { hit: !verdict, facts: { version: version.version, verdict: verdict?.id ?? null, reports } };
  },
  summary: ({ version }) => `version ${version}`,
});
