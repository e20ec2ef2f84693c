import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { openFileArtifactStore } from '../adapters/files/artifact-store.ts';
import { emptySqlite } from '../adapters/sql/empty-sqlite.fixture.ts';
import { sqlExperimentStore } from '../adapters/sql/tracking/experiment-store.ts';
import { silentLog } from '../kernel/log.ts';
import { artifactPath, rootPath } from '../tracking/artifacts/path.ts';
import { registerEndpoints } from '../http/mlflow/wire/register.ts';
import { resetEndpoints } from './test-reset.ts';

test('a reset leaves no experiment and no artifact, and ids begin again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-reset-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await using database = await emptySqlite();
  await using artifacts = await openFileArtifactStore(folder);
  const experiments = sqlExperimentStore(database);
  await using server = fastify();
  const rawEndpoints = resetEndpoints({ database, artifacts });
  await registerEndpoints(server, { endpoints: [], rawEndpoints, services: {}, log: silentLog });
  for (const round of [1, 2]) {
    for (const name of ['a', 'b']) await experiments.create({ name, tags: [], now: round });
    expect((await experiments.getByName('b'))?.id).toBe('2');
    for (const path of ['2/r/artifacts/a.txt', 'top.txt'])
      await artifacts.put(artifactPath(path), pieces('bytes'));
    expect((await server.inject({ method: 'POST', url: '/test/reset' })).statusCode).toBe(200);
    expect(await experiments.getByName('a')).toBeUndefined();
    expect(await artifacts.list(rootPath)).toEqual([]);
  }
});

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
