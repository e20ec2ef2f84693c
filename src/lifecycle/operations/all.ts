import type { TaskOperation } from '../../pipeline/operation.ts';
import { foldStep } from '../../pipeline/fold-step.ts';
import { fetchSource, readSource } from '../../pipeline/source-operations.ts';
import { sqlStep } from '../../pipeline/sql-step.ts';
import { userStep } from '../../pipeline/user-step.ts';
import type { ServerOperation } from '../server-operation.ts';
import { backtest } from '../forecasting/backtest-operation.ts';
import { evaluateForecast } from '../forecasting/evaluate-operation.ts';
import { externalForecast } from '../forecasting/external-operation.ts';
import { fitForecast } from '../forecasting/fit-operation.ts';
import { gateForecast } from '../forecasting/gate-operation.ts';
import { accept } from './accept.ts';
import { baselines } from './baselines.ts';
import { compare } from './compare.ts';
import { difference } from './difference.ts';
import { evaluate } from './evaluate.ts';
import { features } from './features.ts';
import { gate } from './gate.ts';
import { refit } from './refit.ts';
import { search } from './search.ts';
import { split } from './split.ts';
import { train } from './train.ts';

/** Every kind of task; a declaration's tasks are planned in this order. */
export const operations: readonly (TaskOperation | ServerOperation)[] = [
  fetchSource,
  readSource,
  userStep,
  sqlStep,
  foldStep,
  split,
  features,
  search,
  train,
  refit,
  baselines,
  evaluate,
  compare,
  accept,
  difference,
  gate,
  backtest,
  fitForecast,
  externalForecast,
  evaluateForecast,
  gateForecast,
];
