import { expect, test } from 'vitest';
import { type OpenStores, point, startRun } from './run-stores.fixture.ts';

/** How every store lists the keys of runs; each adapter's test is one call of this. */
export function runKeysContract(label: string, open: OpenStores): void {
  test(`${label}: the keys of the runs of experiments come once each, in the order of their bytes`, async () => {
    await using opened = await open();
    const { id: first } = await opened.experiments.ensure('first', 0);
    const { id: second } = await opened.experiments.ensure('second', 0);
    await startRun(opened, { experimentId: first, metrics: [point('val/loss', 1), point('Acc', 1)] });
    await startRun(opened, { experimentId: first, metrics: [point('val/loss', 2), point('é', 1)] });
    await startRun(opened, { experimentId: second, metrics: [point('train_loss', 1)], params: { lr: '1' } });
    const find = (experimentIds: readonly string[], given: { contains?: string; limit?: number } = {}) =>
      opened.keys.find({ experimentIds, entity: 'metric', limit: 10, ...given });
    expect(await find([first])).toEqual(['Acc', 'val/loss', 'é']);
    expect(await find([second, first])).toEqual(['Acc', 'train_loss', 'val/loss', 'é']);
    expect(await find([first, second], { limit: 2 })).toEqual(['Acc', 'train_loss', 'val/loss']);
    expect(await find([first, second], { contains: 'LOSS' })).toEqual(['train_loss', 'val/loss']);
    expect(await find([first, second], { contains: '_' })).toEqual(['train_loss']);
    expect(await find([first, second], { contains: '%' })).toEqual([]);
    expect(await opened.keys.find({ experimentIds: [second], entity: 'param', limit: 10 })).toEqual(['lr']);
    expect(await opened.keys.find({ experimentIds: [second], entity: 'tag', limit: 10 })).toEqual([
      'mlflow.runName',
    ]);
    expect(await find([])).toEqual([]);
    expect(await find(['none'])).toEqual([]);
  });
}
