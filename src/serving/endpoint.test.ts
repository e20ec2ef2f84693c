import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { isPredictionId } from '../kernel/ids.ts';
import type { PlatformError } from '../kernel/errors.ts';
import type { ServedVersion } from './version.ts';
import { ask, caller, openServed, projectWith, question } from './endpoint.fixture.ts';
import type { Predictor } from '../project/models/predictor.ts';
import { boostedTrees } from '../training/boosted-trees/trainer.ts';

test('it is not ready until a version is live, and says what it waits for', async () => {
  await using served = await openServed();
  await served.endpoint.refresh();
  expect(served.endpoint.current()).toBeUndefined();
  await expect(ask(served.endpoint, question)).rejects.toThrow(
    expect.objectContaining({
      code: 'NOT_READY',
      detail: expect.objectContaining({ field: 'house-price@prod' }),
    }),
  );
  expect(served.metered).toEqual([
    'modelyard_endpoint_behind_alias{project=houses,model=house-price,alias=prod} 0',
    'modelyard_inference_requests_total{project=houses,model=house-price,version=none,protocol=native,code=503} 1',
  ]);
});

test('it predicts a number with its interval, and logs what it predicted', async () => {
  await using served = await openServed();
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  const row = await ask(served.endpoint, question);
  const { value, interval } = row.prediction;
  expect(isPredictionId(row.predictionId)).toBe(true);
  expect(row).toMatchObject({ at: served.clock.time, cached: false, features: { size: 8, garden: 1 } });
  expect(value).toBeGreaterThan(100_000);
  expect(interval?.low).toBeLessThan(value);
  expect(interval?.high).toBeGreaterThan(value);
  expect(await served.predictions.find(row.predictionId)).toMatchObject({
    project: 'houses',
    endpoint: 'house-price',
    version: 1,
    request: question,
    features: { size: 8, garden: 1 },
    kind: 'number',
    prediction: value,
    interval,
  });
  expect(served.metered.join('\n')).toContain(
    'modelyard_inference_requests_total{project=houses,model=house-price,version=1,protocol=native,code=200} 1',
  );
});

test('it explains when it is asked to, and only then', async () => {
  await using served = await openServed({ cache: '30s' });
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  const { predictor } = served.endpoint.current() as ServedVersion;
  const explain = vi.spyOn(predictor, 'explain');
  const plain = await ask(served.endpoint, question);
  expect(plain).not.toHaveProperty('explanation');
  expect(explain, 'no explanation on the hot path').not.toHaveBeenCalled();
  const [row] = await served.endpoint.predict([question], caller, { explain: true });
  expect(row, 'the prediction comes from the cache').toMatchObject({ cached: true });
  const { baseline = 0, contributions = [] } = row?.explanation ?? {};
  const sum = contributions.reduce((total, { contribution }) => total + contribution, baseline);
  expect(sum).toBeCloseTo(plain.prediction.value, -1);
  const sizes = contributions.map(({ contribution }) => Math.abs(contribution));
  expect(sizes, 'the strongest first').toEqual(sizes.toSorted((a, b) => b - a));
  expect(explain).toHaveBeenCalledTimes(1);
});

test('a batch is predicted in its order, with an id for each row and one append to the log', async () => {
  await using served = await openServed({ cache: '30s' });
  await served.houses.run(projectWith({}, 40));
  await served.endpoint.refresh();
  const append = vi.spyOn(served.predictions, 'append');
  const sizes = [60, 120, 180];
  const alone = [];
  for (const size of sizes) alone.push((await ask(served.endpoint, { size, garden: false })).prediction);
  served.clock.time += 30_000;
  append.mockClear();
  const rows = [...sizes, 60].map((size) => ({ size, garden: false }));
  const batch = await served.endpoint.predict(rows, caller);
  expect(batch.map(({ prediction }) => prediction)).toEqual([...alone, alone[0]]);
  expect(new Set(batch.map(({ predictionId }) => predictionId)).size).toBe(4);
  expect(append).toHaveBeenCalledTimes(1);
  for (const [index, { predictionId }] of batch.entries())
    expect(await served.predictions.find(predictionId)).toMatchObject({ request: rows[index] });
  const again = await served.endpoint.predict([{ size: 61, garden: false }, rows[0] ?? {}], caller);
  expect(again.map(({ cached }) => cached)).toEqual([false, true]);
  expect(served.metered).toContain(
    'modelyard_prediction_cache_hits_total{project=houses,model=house-price} 1',
  );
  expect(served.metered).toContain('modelyard_inference_batch_size{project=houses,model=house-price} 4');
});

test('the bad rows of a batch are named, and none of it is predicted', async () => {
  await using served = await openServed();
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  const append = vi.spyOn(served.predictions, 'append');
  const batch = served.endpoint.predict(
    [question, { ...question, size: -1 }, question, { size: 'x' }],
    caller,
  );
  await expect(batch).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    detail: {
      field: 'rows[1].size',
      value: -1,
      more: [{ field: 'rows[3].size' }, { field: 'rows[3].garden' }],
    },
  });
  await expect(served.endpoint.predict([], caller)).rejects.toThrow('rows must have at least one row');
  await expect(served.endpoint.predict(Array(21).fill(question), caller, { explain: true })).rejects.toThrow(
    'rows must be at most 20 with explanations',
  );
  await expect(served.endpoint.predict(Array(1001).fill(question), caller)).rejects.toThrow(
    'rows must be at most 1000',
  );
  expect(append).not.toHaveBeenCalled();
});

test('a row of a batch takes a token of the rate limit, a batch all of its own or none', async () => {
  await using served = await openServed({ rateLimit: { perKey: 3, per: '3s' } });
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  const batch = (rows: number): Promise<unknown> =>
    served.endpoint.predict(Array(rows).fill(question), caller);
  await batch(2);
  await expect(batch(2)).rejects.toMatchObject({ code: 'RATE_LIMITED', detail: { value: 1 } });
  expect(served.metered).toContain('modelyard_rate_limited_total{project=houses,model=house-price} 1');
  await batch(1);
  await expect(batch(4), 'it could never be admitted').rejects.toThrow(/rows must be at most 3.*\(got 4\)/);
});

test('the log has milliseconds, the metrics seconds', async () => {
  let elapsed = 0;
  await using served = await openServed({}, () => ({ elapsed: () => (elapsed += 250) }));
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  const { predictionId } = await ask(served.endpoint, question);
  expect(await served.predictions.find(predictionId)).toMatchObject({ latencyMs: 250 });
  expect(
    served.metered.find((line) => line.startsWith('modelyard_inference_request_duration_seconds')),
  ).toMatch(/ 0\.5$/);
});

test.each([
  ['sync', 'LOG_UNWRITABLE', 'code=503'],
  ['async', 'returned', 'code=200'],
] as const)("under '%s' a prediction that cannot be recorded is %s", async (durability, outcome, counted) => {
  await using served = await openServed({ log: { durability } });
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  await rm(join(served.houses.folder, 'predictions'), { recursive: true });
  const asked = ask(served.endpoint, question).then(
    () => 'returned',
    (error: unknown) => (error as PlatformError).code,
  );
  expect(await asked).toBe(outcome);
  expect(served.metered.findLast((line) => line.includes('requests_total'))).toContain(counted);
  await mkdir(join(served.houses.folder, 'predictions'));
});

test('a request that its schema refuses is told so and counted', async () => {
  await using served = await openServed();
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  await expect(ask(served.endpoint, { size: -1 })).rejects.toThrow(
    /size must be a number of at least 0.*\(got -1\)/,
  );
  expect(served.metered.at(-1)).toContain('code=400');
});

test('one request answers for all that say the same, whatever the order of their fields', async () => {
  await using served = await openServed({ cache: '30s' });
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  const first = await ask(served.endpoint, { size: 80, garden: true });
  const same = await ask(served.endpoint, { garden: true, size: 80 });
  expect(same).toMatchObject({ prediction: first.prediction, cached: true });
  expect(same.predictionId, 'a prediction of its own all the same').not.toBe(first.predictionId);
  expect(await served.predictions.find(same.predictionId)).toMatchObject({
    prediction: first.prediction.value,
  });
  expect((await ask(served.endpoint, { size: 81, garden: true })).cached).toBe(false);
  served.clock.time += 30_000;
  expect((await ask(served.endpoint, { size: 80, garden: true })).cached).toBe(false);
});

test('who asks too much is told when to ask again, and keeps nobody else from asking', async () => {
  await using served = await openServed({ rateLimit: { perKey: 2, per: '10s' } });
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  await ask(served.endpoint, question);
  await ask(served.endpoint, question);
  await expect(ask(served.endpoint, question)).rejects.toThrow(
    expect.objectContaining({ code: 'RATE_LIMITED', detail: expect.objectContaining({ value: 5 }) }),
  );
  expect(served.metered.at(-1)).toContain('code=429');
  expect((await ask(served.endpoint, question, { ...caller, key: 'you' })).cached).toBe(false);
});

test('code of the version that throws is the version’s fault, not the caller’s', async () => {
  await using served = await openServed({}, ({ loadCode }) => ({
    loadCode: async <Value>(bundle: Parameters<typeof loadCode>[0]) => {
      const value = await loadCode<unknown>(bundle);
      const broken = (): never => {
        throw new RangeError('no such size');
      };
      return (typeof value === 'function' && !('definition' in value) ? broken : value) as Value;
    },
  }));
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  await expect(ask(served.endpoint, question)).rejects.toThrow(
    expect.objectContaining({
      code: 'USER_CODE_FAILED',
      message: expect.stringMatching(/\(features of house-price: "RangeError: no such size"/),
    }),
  );
  expect(served.metered.at(-1)).toContain('code=500');
});

test.each<[string, Predictor['predict'], RegExp]>([
  [
    'throws',
    () => Promise.reject(new TypeError('no weights')),
    /\(predict of trainer boosted-trees: "TypeError: no weights"/,
  ],
  [
    'returns too little',
    async () => [],
    /predict of trainer boosted-trees must return one item for each of the 1 rows \(got 0\)/,
  ],
])('a trainer of the project that %s is the project’s fault', async (_case, predict, says) => {
  await using served = await openServed({}, ({ loadCode }) => ({
    loadCode: async <Value>(bundle: Parameters<typeof loadCode>[0]) => {
      const value = await loadCode<unknown>(bundle);
      if (typeof value !== 'function' || !('definition' in value)) return value as Value;
      const open = async (): Promise<Predictor> => ({ features: ['garden', 'size'], predict });
      return { definition: { ...boostedTrees.definition, open } } as Value;
    },
  }));
  await served.houses.run(projectWith({}));
  await expect(served.endpoint.refresh(), 'a version is asked before it serves').rejects.toThrow(
    expect.objectContaining({ code: 'USER_CODE_FAILED', message: expect.stringMatching(says) }),
  );
});
