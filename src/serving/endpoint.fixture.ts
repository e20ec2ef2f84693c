import { join } from 'node:path';
import { openPredictionLog } from '../adapters/files/prediction-log.ts';
import { silentLog } from '../kernel/log.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Labels, Meter } from '../kernel/meter.ts';
import { type Houses, housesProject, openHouses } from '../lifecycle/houses.fixture.ts';
import type { Model } from '../project/models/model.ts';
import type { ServeOptions } from '../project/models/serving.ts';
import { boostedTrees } from '../training/boosted-trees/trainer.ts';
import type { NumberPrediction } from '../project/models/prediction.ts';
import { type Endpoint, type EndpointDeps, openEndpoint, type ServedPrediction } from './endpoint.ts';
import { openOnlineViews } from './online-views.ts';
import type { PredictionLog } from './prediction-log.ts';

/** An endpoint of the houses' model with the real parts around it. */
export interface Served extends AsyncDisposable {
  readonly houses: Houses;
  readonly endpoint: Endpoint;
  readonly predictions: PredictionLog;
  /** 'modelyard_inference_requests_total{code=200,…} 1' */
  readonly metered: readonly string[];
  readonly clock: { time: number };
  /** Another endpoint over the same state, as after a restart. */
  open(): Endpoint;
}

export const caller = { key: 'me', protocol: 'native' };
export const question = { size: 80, garden: true };
export const asha = { by: 'asha', at: 9 };

function meterInto(metered: string[]): Meter {
  const note = (metric: string, labels: Labels, value: number): void => {
    const pairs = Object.entries(labels).map(([name, label]) => `${name}=${label}`);
    metered.push(`${metric}{${pairs.join(',')}} ${value}`);
  };
  return { count: (metric, labels, by = 1) => note(metric, labels, by), observe: note, set: note };
}

export const projectWith = (serve: ServeOptions, trees = 10): ReturnType<typeof housesProject> =>
  housesProject({ serve, trainer: boostedTrees({ trees, depth: 3, minLeafRows: 5 }) });

export async function openServed(
  serve: ServeOptions = {},
  change: (deps: EndpointDeps) => Partial<EndpointDeps> = () => ({}),
): Promise<Served> {
  const houses = await openHouses();
  const predictions = await openPredictionLog(join(houses.folder, 'predictions'));
  const metered: string[] = [];
  const clock = { time: Date.UTC(2026, 0, 1) };
  const [model] = projectWith(serve).models;
  const views = openOnlineViews({ ...houses, tables: new Map() });
  const deps: EndpointDeps = {
    views,
    blobs: houses.blobs,
    registry: houses.registry,
    loadCode: houses.loadCode,
    log: silentLog,
    meter: meterInto(metered),
    predictions,
    now: () => clock.time,
  };
  return {
    houses,
    predictions,
    metered,
    clock,
    open: () => openEndpoint('houses', model as Model, deps),
    endpoint: openEndpoint('houses', model as Model, { ...deps, ...change(deps) }),
    async [Symbol.asyncDispose]() {
      await predictions[Symbol.asyncDispose]();
      await houses[Symbol.asyncDispose]();
    },
  };
}

/** Predicts one row. */
export async function ask(
  endpoint: Endpoint,
  request: JsonObject,
  by = caller,
): Promise<ServedPrediction & { readonly prediction: NumberPrediction }> {
  const [served] = await endpoint.predict([request], by, { nameRows: false });
  if (served?.prediction.kind !== 'number') throw new Error('no number was predicted');
  return { ...served, prediction: served.prediction };
}
