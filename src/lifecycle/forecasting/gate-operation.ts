import { z } from 'zod';
import { forecasts } from '../../pipeline/declared-kinds.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import { formatGated, gateFacts, gateResult } from '../gate/gate-facts.ts';
import { serverOperation } from '../server-operation.ts';
import { evaluateForecast } from './evaluate-operation.ts';
import { fitForecast } from './fit-operation.ts';
import { isExternalForecast } from './external-forecast.ts';
import { passExternalForecastGate } from './external-forecast-gate.ts';
import { passForecastGate, trainedOnOf } from './forecast-gate.ts';

/** Registers the version and decides whether it goes live; in: `rows`, `model`, `metrics`, `report`. */
export const gateForecast = serverOperation({
  name: 'gate-forecast',
  description: 'Decides whether the new version goes live.',
  declared: forecasts,
  inputs: { rows: 'table', model: 'files?', metrics: 'value?', report: 'value?' },
  outputs: {},
  params: z.object({}),
  facts: gateFacts,
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
    if (outcome && !('notJudged' in outcome)) decided(outcome);
    return gateResult(outcome);
  },
  summary: (facts) => formatGated(facts),
});
