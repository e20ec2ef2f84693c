import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPredictionLog } from '../adapters/files/prediction-log.ts';
import { digestOf } from '../kernel/digest.ts';
import { isPredictionId } from '../kernel/ids.ts';
import { silentLog } from '../kernel/log.ts';
import type { Labels, Meter } from '../kernel/meter.ts';
import {
  clientVersion,
  copyOfFirst,
  versionOf,
  type Houses,
  housesProject,
  openHouses,
} from '../lifecycle/houses.fixture.ts';
import type { Model } from '../project/model.ts';
import type { ServeOptions } from '../project/serving.ts';
import { boostedTrees } from '../training/boosted-trees/trainer.ts';
import { type Endpoint, type EndpointDeps, openEndpoint } from './endpoint.ts';
import type { PredictionLog } from './prediction-log.ts';
import { putAlias } from '../registry/store.fixture.ts';

interface Served extends AsyncDisposable {
  readonly houses: Houses;
  readonly endpoint: Endpoint;
  readonly predictions: PredictionLog;
  /** 'modelyard_inference_requests_total{code=200,…} 1' */
  readonly metered: readonly string[];
  readonly clock: { time: number };
}

const caller = { key: 'me', protocol: 'native' };
const question = { size: 80, garden: true };
const asha = { by: 'asha', at: 9 };

function meterInto(metered: string[]): Meter {
  const note = (metric: string, labels: Labels, value: number): void => {
    const shown = Object.entries(labels).map(([name, label]) => `${name}=${label}`);
    metered.push(`${metric}{${shown.join(',')}} ${value}`);
  };
  return { count: (metric, labels, by = 1) => note(metric, labels, by), observe: note, set: note };
}

const projectWith = (serve: ServeOptions, trees = 10): ReturnType<typeof housesProject> =>
  housesProject({ serve, trainer: boostedTrees({ trees, depth: 3, minLeafRows: 5 }) });

async function openServed(
  serve: ServeOptions = {},
  change: (deps: EndpointDeps) => Partial<EndpointDeps> = () => ({}),
): Promise<Served> {
  const houses = await openHouses();
  const predictions = await openPredictionLog(join(houses.folder, 'predictions'));
  const metered: string[] = [];
  const clock = { time: Date.UTC(2026, 0, 1) };
  const deps: EndpointDeps = {
    blobs: houses.blobs,
    registry: houses.registry,
    loadCode: houses.loadCode,
    log: silentLog,
    meter: meterInto(metered),
    predictions,
    now: () => clock.time,
  };
  const [model] = projectWith(serve).models;
  return {
    houses,
    predictions,
    metered,
    clock,
    endpoint: openEndpoint('houses', model as Model, { ...deps, ...change(deps) }),
    async [Symbol.asyncDispose]() {
      await predictions[Symbol.asyncDispose]();
      await houses[Symbol.asyncDispose]();
    },
  };
}

test('it is not ready until a version is live, and says what it waits for', async () => {
  await using served = await openServed();
  await served.endpoint.refresh();
  expect(served.endpoint.current()).toBeUndefined();
  expect(() => served.endpoint.predict(question, caller)).toThrow(
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

test('it answers with a value, its interval and reasons that sum to it, and logs what it answered', async () => {
  await using served = await openServed();
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  const made = served.endpoint.predict(question, caller);
  expect(isPredictionId(made.id)).toBe(true);
  expect(made).toMatchObject({ at: served.clock.time, cached: false, features: { size: 8, garden: 1 } });
  expect(made.value).toBeGreaterThan(100_000);
  expect(made.interval.low).toBeLessThan(made.value);
  expect(made.interval.high).toBeGreaterThan(made.value);
  const sum = made.contributions.reduce((total, { contribution }) => total + contribution, made.baseline);
  expect(sum).toBeCloseTo(made.value, -1);
  expect(
    made.contributions.map(({ feature }) => feature),
    'the strongest first',
  ).toEqual(
    made.contributions
      .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
      .map(({ feature }) => feature),
  );
  expect(await served.predictions.find(made.id)).toMatchObject({
    endpoint: 'house-price',
    version: 1,
    request: question,
    features: { size: 8, garden: 1 },
    value: made.value,
  });
  expect(served.metered.join('\n')).toContain(
    'modelyard_inference_requests_total{project=houses,model=house-price,version=1,protocol=native,code=200} 1',
  );
});

test('a request that its schema refuses is told so and counted', async () => {
  await using served = await openServed();
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  expect(() => served.endpoint.predict({ size: -1 }, caller)).toThrow(
    /size must be a number of at least 0.*\(got -1\)/,
  );
  expect(served.metered.at(-1)).toContain('code=400');
});

test('it follows its alias, and the new version forgets the answers of the old one', async () => {
  await using served = await openServed({ cache: '30s' });
  await served.houses.run(projectWith({}, 2));
  await served.endpoint.refresh();
  const before = served.endpoint.predict(question, caller);
  await served.houses.run(projectWith({}, 40));
  expect(served.endpoint.predict(question, caller)).toMatchObject({ value: before.value, cached: true });

  await served.endpoint.refresh();
  const after = served.endpoint.predict(question, caller);
  expect(after.served.version.version).toBe(2);
  expect(after.cached).toBe(false);
  expect(after.value).not.toBe(before.value);
  const info = served.metered.filter((line) => line.startsWith('modelyard_model_info'));
  expect(info.map((line) => `${/version=\d/.exec(line)?.[0]} ${line.at(-1)}`)).toEqual([
    'version=1 1',
    'version=1 0',
    'version=2 1',
  ]);
});

test('a version that does not load leaves the old one serving; one that does takes over then', async () => {
  await using served = await openServed();
  const { houses, endpoint } = served;
  await houses.run(projectWith({}));
  await endpoint.refresh();
  const first = await versionOf(houses, 1);
  const broken = await houses.registry.register({ ...first, folder: digestOf('gone') });
  const move = (from: number, to: number): Promise<unknown> =>
    houses.registry.moveAlias({ model: 'house-price', alias: 'prod', from, to, by: 'me', movedAt: 1 });
  await move(1, broken.version);
  await expect(endpoint.refresh()).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' });
  expect(endpoint.predict(question, caller).served.version.version).toBe(1);
  await expect(endpoint.refresh(), 'it is tried again').rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' });

  await move(broken.version, 1);
  await endpoint.refresh();
  expect(endpoint.current()?.version.version).toBe(1);
});

test('a copy of a version is served as that version is', async () => {
  await using served = await openServed();
  const { houses, endpoint } = served;
  await houses.run(projectWith({}, 2));
  await endpoint.refresh();
  const before = endpoint.predict(question, caller);
  await houses.run(projectWith({}, 40));
  const { version } = await houses.registry.createVersion(await copyOfFirst(houses));
  await putAlias(houses.registry, { model: 'house-price', alias: 'prod', version }, asha);
  await endpoint.refresh();
  const after = endpoint.predict(question, caller);
  expect(after).toMatchObject({ value: before.value, served: { version: { version: 3 } } });
  expect(after.served.manifest).toEqual(before.served.manifest);
  expect(after.served.version.runId).toBe(before.served.version.runId);
  expect(endpoint.problem()).toBeUndefined();
});

test('a version of a client leaves the last one serving, which is told until the alias is where it can be', async () => {
  await using served = await openServed();
  const { houses, endpoint, metered } = served;
  await houses.run(projectWith({}));
  await endpoint.refresh();
  const { version } = await houses.registry.createVersion(clientVersion());
  const put = (to: number): Promise<unknown> =>
    putAlias(houses.registry, { model: 'house-price', alias: 'prod', version: to }, asha);
  await put(version);
  await expect(endpoint.refresh()).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
  expect(endpoint.predict(question, caller).served.version.version).toBe(1);
  expect(endpoint.problem()).toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    message: expect.stringMatching(/Version 1 answers meanwhile.*\(house-price@prod: "version 2"/),
  });
  const behind = (): string | undefined => metered.findLast((line) => line.includes('behind_alias'));
  expect(behind()).toBe('modelyard_endpoint_behind_alias{project=houses,model=house-price,alias=prod} 1');
  await put(1);
  await endpoint.refresh();
  expect(endpoint.problem()).toBeUndefined();
  expect(behind()).toMatch(/ 0$/);
});

test('whose alias is taken away answers no more; a model that is made anew is another, whatever its numbers', async () => {
  await using served = await openServed();
  const { houses, endpoint, metered } = served;
  await houses.run(projectWith({}, 2));
  await endpoint.refresh();
  const before = endpoint.predict(question, caller);
  await houses.registry.deleteModel('house-price', asha);
  await houses.run(projectWith({}, 40));
  await endpoint.refresh();
  const after = endpoint.predict(question, caller);
  expect(after.served.version.version).toBe(before.served.version.version);
  expect(after.value).not.toBe(before.value);

  await houses.registry.renameModel('house-price', { name: 'old-price', at: 1 });
  await endpoint.refresh();
  expect(endpoint.current()).toBeUndefined();
  expect(() => endpoint.predict(question, caller)).toThrow(expect.objectContaining({ code: 'NOT_READY' }));
  expect(metered.findLast((line) => line.startsWith('modelyard_model_info'))).toMatch(/version=1.* 0$/);
  await houses.registry.renameModel('old-price', { name: 'house-price', at: 2 });
  await endpoint.refresh();
  expect(endpoint.predict(question, caller)).toMatchObject({ value: after.value });
});

test('one request answers for all that say the same, whatever the order of their fields', async () => {
  await using served = await openServed({ cache: '30s' });
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  const first = served.endpoint.predict({ size: 80, garden: true }, caller);
  const same = served.endpoint.predict({ garden: true, size: 80 }, caller);
  expect(same).toMatchObject({ value: first.value, cached: true });
  expect(same.id, 'a prediction of its own all the same').not.toBe(first.id);
  expect(await served.predictions.find(same.id)).toMatchObject({ value: first.value });
  expect(served.endpoint.predict({ size: 81, garden: true }, caller).cached).toBe(false);
  served.clock.time += 30_000;
  expect(served.endpoint.predict({ size: 80, garden: true }, caller).cached).toBe(false);
});

test('who asks too much is told when to ask again, and keeps nobody else from asking', async () => {
  await using served = await openServed({ rateLimit: { perKey: 2, per: '10s' } });
  await served.houses.run(projectWith({}));
  await served.endpoint.refresh();
  served.endpoint.predict(question, caller);
  served.endpoint.predict(question, caller);
  expect(() => served.endpoint.predict(question, caller)).toThrow(
    expect.objectContaining({ code: 'RATE_LIMITED', detail: expect.objectContaining({ value: 5 }) }),
  );
  expect(served.metered.at(-1)).toContain('code=429');
  expect(served.endpoint.predict(question, { ...caller, key: 'you' }).cached).toBe(false);
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
  expect(() => served.endpoint.predict(question, caller)).toThrow(
    expect.objectContaining({
      code: 'USER_CODE_FAILED',
      message: expect.stringMatching(/\(features of house-price: "RangeError: no such size"/),
    }),
  );
  expect(served.metered.at(-1)).toContain('code=500');
});
