import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import type { Target } from '../../project/models/kind.ts';
import { boostTrees, type Examples } from './boost.ts';
import { type BoostedTreesOptions, readTreeOptions } from './options.ts';
import { control, openThreads, type TreeThreads } from './threads.ts';
import type { Trees } from './trees.ts';

const classes = { kind: 'class', classes: ['a', 'b', 'c'] } as const;

function simulated({ kind }: Target): Examples {
  const random = seededRandom(4);
  const value = (): number => (random() < 0.1 ? Number.NaN : random() * 10);
  const columns = Array.from({ length: 13 }, () => new Float32Array(3000).map(value));
  columns[5]?.forEach((code, row, column) => (column[row] = Math.floor(code)));
  const target = new Float64Array(3000).map((_, row) => {
    const sum = columns.reduce((total, column, at) => total + (column[row] || 0) * Math.sin(at * 7), 0);
    return kind === 'number' ? sum + random() : Math.abs(Math.floor(sum)) % (kind === 'boolean' ? 2 : 3);
  });
  return { matrix: { features: columns.map((_, at) => `x${at}`), rows: 3000, columns }, target };
}

const cases: readonly (readonly [Target, BoostedTreesOptions])[] = [
  [{ kind: 'number' }, { categories: ['x5'], monotone: { x1: 'rising' } }],
  [{ kind: 'number' }, { rowShare: 0.7, featureShare: 0.6, leaves: 12 }],
  [{ kind: 'boolean' }, { minLeafRows: 1 }],
  [classes, { minLeafRows: 10 }],
];

test.each(cases)('one, two and three threads give the same trees: %j, %j', async (target, given) => {
  const rows = simulated(target);
  const options = readTreeOptions({ trees: 8, earlyStopping: 0, ...given });
  const grown: Trees[] = [];
  for (const count of [1, 2, 3]) {
    const threads = await openThreads(count);
    expect(threads.count).toBe(count);
    grown.push(boostTrees(rows, { options, target, threads }));
    // Threads can train again.
    expect(boostTrees(rows, { options, target, threads })).toEqual(grown.at(-1));
    await threads.close();
  }
  expect(grown[0]?.feature.length).toBeGreaterThan(100);
  expect(grown[1]).toEqual(grown[0]);
  expect(grown[2]).toEqual(grown[0]);
});

test('a late notice of a round that is done starts no other one', async () => {
  const rows = simulated(classes);
  const options = readTreeOptions({ trees: 3, depth: 3, earlyStopping: 0 });
  const threads = await openThreads(2);
  const late: TreeThreads = {
    ...threads,
    start(plan) {
      const training = threads.start(plan);
      const { control: shared } = training.thread.arrays;
      return {
        ...training,
        run(job) {
          training.run(job);
          // The other thread sleeps by now, and a process that was interrupted notifies it only here.
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
          Atomics.notify(shared, control.round);
        },
      };
    },
  };
  expect(boostTrees(rows, { options, target: classes, threads: late })).toEqual(
    boostTrees(rows, { options, target: classes }),
  );
  await threads.close();
});
