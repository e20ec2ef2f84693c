import { runsAndModels } from './0001-runs-and-models.ts';
import { experimentsAndRuns } from './0002-experiments-and-runs.ts';
import { registryOfClients } from './0003-registry-of-clients.ts';
import { loggedModels } from './0004-logged-models.ts';
import type { Migration } from './migration.ts';

/** Every migration, the oldest first. A new one goes to the end. */
export const migrations: readonly Migration[] = [
  runsAndModels,
  experimentsAndRuns,
  registryOfClients,
  loggedModels,
];
