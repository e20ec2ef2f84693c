import { emptyDatabase } from '../adapters/sql/empty.ts';
import type { Database } from '../adapters/sql/database.ts';
import { testResetEndpoints } from '../http/mlflow/test-reset.ts';
import type { RawEndpoint } from '../http/mlflow/wire/raw-endpoint.ts';
import { rootPath } from '../tracking/artifacts/path.ts';
import type { ArtifactStore } from '../tracking/artifacts/store.ts';

export interface ResetOptions {
  readonly database: Database;
  readonly artifacts: ArtifactStore;
}

/** The endpoint that empties a server under test. The published package does not have this file. */
export function resetEndpoints({ database, artifacts }: ResetOptions): readonly RawEndpoint<object>[] {
  return testResetEndpoints(async () => {
    for (const { path } of await artifacts.list(rootPath)) await artifacts.remove(path);
    await emptyDatabase(database);
  });
}
