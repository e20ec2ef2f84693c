import { runsAndModels } from './0001-runs-and-models.ts';
import { experimentsAndRuns } from './0002-experiments-and-runs.ts';
import { registryOfClients } from './0003-registry-of-clients.ts';
import { loggedModels } from './0004-logged-models.ts';
import { imports } from './0005-imports.ts';
import { mirror } from './0006-mirror.ts';
import { purgesAndMoves } from './0007-purges-and-moves.ts';
import { runOwners } from './0008-run-owners.ts';
import { rankedValuesOfRuns } from './0009-ranked-values.ts';
import type { Migration } from './migration.ts';

/** Every migration, the oldest first. A new one goes to the end. */
export const migrations: readonly Migration[] = [
  runsAndModels,
  experimentsAndRuns,
  registryOfClients,
  loggedModels,
  imports,
  mirror,
  purgesAndMoves,
  runOwners,
  rankedValuesOfRuns,
];
