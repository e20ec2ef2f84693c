import { z } from 'zod';
import { models } from '../../pipeline/declared-kinds.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import { passExternalGate } from '../gate/external-gate.ts';
import { formatGated, gateFacts, gateResult } from '../gate/gate-facts.ts';
import { passGate } from '../gate/gate.ts';
import { serverOperation } from '../server-operation.ts';
import { isExternal, versionCode } from '../version/version-code.ts';
import { measureCode } from '../measure/evaluation.ts';
import { comparedInputs, evaluate } from './evaluate.ts';
import { features } from './features.ts';
import { split } from './split.ts';
import { train } from './train.ts';

/** Registers the trained version and decides whether it goes live; in: `rows`, `subsets`, `learned`, `model` and what
 * `evaluate` read and wrote. */
export const gate = serverOperation({
  name: 'gate',
  description: 'Decides whether the new version goes live.',
  declared: models,
  inputs: {
    rows: 'table',
    subsets: 'table',
    learned: 'table',
    model: 'files?',
    metrics: 'value?',
    scored: 'table?',
    report: 'value?',
    matrix: 'table?',
    fits: 'files?',
    baselines: 'table?',
    'view-*': 'table?',
  },
  outputs: {},
  params: z.object({}),
  facts: gateFacts,
  process: 'server',
  async plan(model, planning) {
    return {
      inputs: {
        rows: tableInput(model.rows),
        subsets: planning.from(split, 'subsets'),
        learned: planning.from(split, 'learned'),
        ...(isExternal(model)
          ? { matrix: planning.from(features, 'matrix') }
          : {
              model: planning.from(train, 'model'),
              metrics: planning.from(evaluate, 'metrics'),
              scored: planning.from(evaluate, 'scored'),
              report: planning.from(evaluate, 'report'),
            }),
        ...comparedInputs(model, planning),
      },
      code: { ...(await versionCode(model, planning)), ...(await measureCode(model, planning)) },
      params: {},
      // The live version may have changed since the last run.
      reuse: 'never',
    };
  },
  async run({ spec, declaration, deps, signal, onEvent, inputFacts, runId, decided }) {
    const { trainedOn, learnedFrom, periods, tested } = inputFacts('subsets', split);
    const about = { trainedOn, learnedFrom, periods, ...(tested && { tested }) };
    const input = { model: declaration, spec, ...about, runId, signal, onEvent };
    const outcome = await (isExternal(declaration) ? passExternalGate(input, deps) : passGate(input, deps));
    if (outcome && !('notJudged' in outcome)) decided(outcome);
    return gateResult(outcome);
  },
  summary: (facts) => formatGated(facts),
});
