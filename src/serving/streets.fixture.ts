import { join } from 'node:path';
import { openPredictionLog } from '../adapters/files/prediction-log.ts';
import { silentLog } from '../kernel/log.ts';
import type { JsonObject } from '../kernel/json.ts';
import { type Houses, openHouses } from '../lifecycle/houses.fixture.ts';
import { tablesByView } from '../lifecycle/features/lookups.ts';
import { salesCsv, streetsProject, type StreetsOptions } from '../lifecycle/streets.fixture.ts';
import type { Model } from '../project/models/model.ts';
import { type Endpoint, openEndpoint, type ServedPrediction } from './endpoint.ts';
import { openOnlineViews } from './online-views.ts';
import type { PredictionLog } from './prediction-log.ts';

/** An endpoint whose model looks up a feature view, with the real parts around it. */
export interface ServedStreets extends AsyncDisposable {
  readonly houses: Houses;
  readonly predictions: PredictionLog;
  readonly endpoint: Endpoint;
  readonly clock: { time: number };
  /** Runs the project and refreshes the endpoint, as a server does. */
  run(options?: StreetsOptions & { readonly target?: string }): Promise<void>;
  /** Another endpoint over the same stores, as another server has it. */
  openAnother(): Endpoint;
}

export async function openServedStreets(options: StreetsOptions = {}): Promise<ServedStreets> {
  const houses = await openHouses({ text: salesCsv() });
  const predictions = await openPredictionLog(join(houses.folder, 'predictions'));
  const clock = { time: Date.UTC(2026, 0, 1) };
  const { models } = streetsProject(options);
  const open = (): Endpoint =>
    openEndpoint('streets', models[0] as Model, {
      ...houses,
      log: silentLog,
      meter: { count() {}, observe() {}, set() {} },
      predictions,
      now: () => clock.time,
      views: openOnlineViews({ ...houses, tables: tablesByView(models) }),
    });
  const endpoint = open();
  return {
    houses,
    predictions,
    endpoint,
    clock,
    async run({ target, ...change } = {}) {
      const { failures } = await houses.run(streetsProject({ ...options, ...change }), {
        ...(target !== undefined && { target }),
      });
      if (failures[0]) throw failures[0].error;
      await endpoint.refresh().catch(() => {});
    },
    openAnother: open,
    async [Symbol.asyncDispose]() {
      await predictions[Symbol.asyncDispose]();
      await houses[Symbol.asyncDispose]();
    },
  };
}

export async function predictOne(endpoint: Endpoint, request: JsonObject): Promise<ServedPrediction> {
  const [served] = await endpoint.predict([request], { key: 'me', protocol: 'test' }, { nameRows: false });
  if (!served) throw new Error('no prediction');
  return served;
}
