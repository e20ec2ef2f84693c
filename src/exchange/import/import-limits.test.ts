import { expect, test } from 'vitest';
import { experiment, type FakeContent, model, run, version } from './fake-source.fixture.ts';
import { openImport as open, runIds } from './import.fixture.ts';

const [a, b, c] = runIds;

test('runs in a circle of parents are imported without their parents, and reported', async () => {
  await using opened = await open();
  const inParent = (digit: string, parent: string) =>
    run(digit, { tags: [{ key: 'mlflow.parentRunId', value: parent.repeat(32) }] });
  const has: FakeContent = {
    experiments: [experiment('1', 'first')],
    runs: [
      inParent('a', 'b'),
      inParent('b', 'c'),
      inParent('c', 'a'),
      inParent('d', 'd'),
      inParent('e', 'a'),
    ],
  };
  for (const attempt of [1, 2]) {
    const { differences, import: number } = await opened.run(has);
    expect(number).toBe(attempt);
    expect(differences).toEqual([
      ...[a, b, c].map((id) => ({
        what: 'parent run',
        id,
        reason: 'dropped: it is in a circle of 3 parents',
      })),
      { what: 'parent run', id: 'd'.repeat(32), reason: 'dropped: the run is its own parent' },
    ]);
    for (const id of [a, b, c, 'd'.repeat(32)]) {
      expect((await opened.runs.get(id))?.info.parentId).toBeUndefined();
      expect((await opened.runs.get(id))?.tags).toEqual([]);
    }
    expect((await opened.runs.get('e'.repeat(32)))?.info.parentId).toBe(a);
  }
});

test('a file whose name looks like a drive is imported', async () => {
  await using opened = await open();
  const has = {
    experiments: [experiment('1', 'first')],
    runs: [run('a')],
    files: { [a]: { 'a:b.txt': 'one', 'c:/d.txt': 'two' } },
  };
  expect((await opened.run(has)).differences).toEqual([]);
  expect((await opened.picture()).files).toEqual({ 'a:b.txt': 'one', 'c:/d.txt': 'two' });
});

test('numbers beyond 2^53 are reported and nothing else of their entity is lost', async () => {
  await using opened = await open();
  const { differences } = await opened.run({
    experiments: [experiment('1', 'first', { createdAt: 1.7e18 })],
    runs: [run('a', { info: { startedAt: 1.7e18, endedAt: -(2 ** 63) } })],
    models: [model('reg')],
    versions: [version('reg', 2 ** 53), version('reg', 4, { updatedAt: 1.7e18 })],
  });
  expect(differences.map(({ what, id }) => `${what} ${id.replaceAll(a, 'A')}`)).toEqual([
    'time 1',
    'time A',
    'time A',
    'time reg/4',
    'model version reg/9007199254740992',
  ]);
  expect((await opened.runs.get(a))?.info).toMatchObject({ name: 'run a', startedAt: 0, endedAt: undefined });
  expect((await opened.picture()).versions).toEqual(['4 None s3://b/m']);
});
