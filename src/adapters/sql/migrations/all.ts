import { runsAndModels } from './0001-runs-and-models.ts';
import type { Migration } from './migration.ts';

/** Every migration, the oldest first. A new one goes to the end. */
export const migrations: readonly Migration[] = [runsAndModels];
