import type { Command } from '../command.ts';
import { checkSkew } from './check-skew.ts';
import { completion } from './completion.ts';
import { dev } from './dev.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { importMlflow } from './import.ts';
import { init } from './init.ts';
import { mirror } from './mirror.ts';
import { models } from './models.ts';
import { modelsHistory } from './models-history.ts';
import { modelsPromote } from './models-promote.ts';
import { modelsRollback } from './models-rollback.ts';
import { predict } from './predict.ts';
import { purge } from './purge.ts';
import { reproduce } from './reproduce.ts';
import { run } from './run.ts';
import { runs } from './runs.ts';
import { runsCancel } from './runs-cancel.ts';
import { runsMove } from './runs-move.ts';
import { server } from './server.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  init,
  dev,
  run,
  predict,
  explain,
  models,
  modelsPromote,
  modelsRollback,
  modelsHistory,
  runs,
  runsMove,
  runsCancel,
  checkSkew,
  reproduce,
  server,
  importMlflow,
  mirror,
  purge,
  doctor,
  completion,
];

/** Words that only group commands. */
export const groups: Readonly<Record<string, string>> = {
  check: 'check a live version',
  import: 'import another tracking server',
};
