import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import type { ResultStore } from './ports.ts';
import type { TaskResult } from './task.ts';

export const exampleResult = (task: string, seed: string): TaskResult => ({
  key: digestOf(seed),
  task,
  outputs: { rows: digestOf(`${seed} rows`) },
  facts: { rows: 3, etag: null, from: ['a', { b: true }] },
  startedAt: 1_700_000_000_000,
  endedAt: 1_700_000_000_500,
});

/** What every store of results must do; each adapter's test is one call of this. `open` makes an empty store. */
export function resultStoreContract(label: string, open: () => Promise<ResultStore>): void {
  test(`${label}: a result is found under its key, and the last one under its task`, async () => {
    const results = await open();
    const [first, second, other] = [
      exampleResult('innings', 'a'),
      exampleResult('innings', 'b'),
      exampleResult('INNINGS', 'c'),
    ];
    for (const saved of [first, second, other]) await results.save(saved);
    expect(await results.find(first.key)).toEqual(first);
    expect(await results.find(digestOf('never'))).toBeUndefined();
    expect(await results.last('innings')).toEqual(second);
    expect(await results.last('INNINGS')).toEqual(other);
    expect(await results.last('over')).toBeUndefined();
  });

  test(`${label}: a result that is saved again replaces the one before`, async () => {
    const results = await open();
    const saved = exampleResult('innings', 'a');
    await results.save(saved);
    await results.save({ ...saved, facts: { rows: 4 } });
    expect(await results.find(saved.key)).toEqual({ ...saved, facts: { rows: 4 } });
  });

  test(`${label}: a task may be called anything`, async () => {
    const results = await open();
    const names = ['../../etc/passwd', 'train: t20/score', 'x'.repeat(400), 'x'.repeat(401), '.'];
    for (const name of names) await results.save(exampleResult(name, name));
    for (const name of names) expect(await results.last(name)).toEqual(exampleResult(name, name));
  });
}
