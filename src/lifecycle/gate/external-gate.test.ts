import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { openFileArtifactStore } from '../../adapters/files/artifact-store.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { defineProject } from '../../project/define.ts';
import type { Model } from '../../project/models/model.ts';
import type { Project } from '../../project/project.ts';
import type { TaskEvent } from '../../pipeline/task.ts';
import { artifactPath, joinPaths } from '../../tracking/artifacts/path.ts';
import { external } from '../../training/external.ts';
import { clientVersion, type Houses, housesProject, openHouses, recordedRunOf } from '../houses.fixture.ts';

/** A model that the pipeline trains, and one that clients log. */
function withClientModel(): Project {
  const [price] = housesProject().models as readonly [Model];
  return defineProject('houses', { models: [price, { ...price, name: 'theirs', trainer: external() }] });
}

/** Logs files as a client does, and registers them. */
async function register(
  houses: Houses,
  files: Readonly<Record<string, string>>,
  source = 'mlflow-artifacts:/models/theirs',
): Promise<void> {
  const artifacts = await openFileArtifactStore(join(houses.folder, 'artifacts'));
  houses.artifacts = artifacts;
  const folder = artifactPath('models/theirs');
  for (const [name, text] of Object.entries(files))
    await artifacts.put(joinPaths(folder, artifactPath(name)), Readable.from([Buffer.from(text)]));
  await houses.registry.createVersion(clientVersion({ model: 'theirs', source, storage: source }));
}

test.each<[string, Readonly<Record<string, string>> | undefined, string, string?]>([
  ['in another store', undefined, 'log the model to this server'],
  ['without a model', { 'notes.txt': '' }, 'It has no file MLmodel'],
  ['that does not open', { MLmodel: '' }, 'Its models predict in Python'],
  ['at an unsafe path', { MLmodel: '' }, 'Its source is no path', 'mlflow-artifacts:/models/../theirs'],
  ['whose files are gone', {}, 'It has no file MLmodel', 'mlflow-artifacts:/models/gone'],
])(
  'a version %s is not judged, and the rest of the run is done',
  async (_case, ...[files, reason, source]) => {
    await using houses = await openHouses();
    const project = withClientModel();
    await houses.registry.createModel({ name: 'theirs', description: '', tags: {}, at: 1 });
    if (files) await register(houses, files, source);
    else await houses.registry.createVersion(clientVersion({ model: 'theirs' }));
    const first = await houses.run(project);
    expect(first.failures).toEqual([]);
    expect(first.outcomes.get('house-price')?.verdict?.decision).toMatchObject({ kind: 'promote' });
    expect(first.outcomes.has('theirs')).toBe(false);
    expect(first.states.get('theirs.gate')).toMatchObject({
      status: 'done',
      facts: { version: 1, verdict: null, notJudged: expect.stringContaining(reason) },
    });
    expect(await houses.registry.aliases('theirs')).toEqual({});
    // Every run says it, until another version is registered.
    const again = await houses.run(project);
    expect(again.states.get('theirs.gate')?.facts?.['notJudged']).toContain(reason);
    expect(again.runId && (await recordedRunOf(houses, again.runId)).status).toBe('FINISHED');
  },
);

test.each(['STATE_UNWRITABLE', 'NOT_READY', 'STEP_FAILED', 'INPUT_INVALID'] as const)(
  '%s of the task that measures a version fails the gate, with the version in the error',
  async (code) => {
    await using houses = await openHouses();
    await houses.registry.createModel({ name: 'theirs', description: '', tags: {}, at: 1 });
    await register(houses, { MLmodel: '' });
    houses.before = async ({ task }) => {
      if (task === 'theirs.evaluate')
        throw new PlatformError(code, { field: 'disk', value: 'full', remedy: 'Free space.' });
    };
    const { failures } = await houses.run(withClientModel());
    expect(failures).toMatchObject([
      { task: 'theirs.gate', error: { code, detail: { field: 'version 1 of theirs: disk' } } },
    ]);
  },
);

test('a test table that is lost while a version is measured fails the gate', async () => {
  await using houses = await openHouses();
  await houses.registry.createModel({ name: 'theirs', description: '', tags: {}, at: 1 });
  await register(houses, { MLmodel: '' });
  houses.before = async ({ task, inputs }) => {
    if (task !== 'theirs.evaluate') return;
    const digest = inputs['subsets'] ?? '';
    await rm(join(houses.folder, 'blobs/sha256', digest.slice(0, 2), digest.slice(2)));
  };
  const { failures } = await houses.run(withClientModel());
  expect(failures.find(({ task }) => task === 'theirs.gate')?.error).toMatchObject({
    code: 'BLOB_NOT_FOUND',
  });
});

test('what a task of the gate logs is logged for the gate', async () => {
  await using houses = await openHouses();
  await houses.registry.createModel({ name: 'theirs', description: '', tags: {}, at: 1 });
  await register(houses, { MLmodel: '' });
  const lines: string[] = [];
  houses.before = async ({ task }, _signal, onEvent) => {
    if (task === 'theirs.evaluate') onEvent({ type: 'log', line: 'installing' });
  };
  await houses.run(withClientModel(), {
    observer: {
      began() {},
      changed() {},
      event: ({ name }, event: TaskEvent) => event.type === 'log' && lines.push(`${name}: ${event.line}`),
    },
  });
  expect(lines).toContain('theirs.gate: installing');
});
