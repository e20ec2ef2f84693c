import { expect, test } from 'vitest';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { salesCsv, sizeTimes, streetSales, streetsProject } from '../lifecycle/streets.fixture.ts';
import { openHousesApp } from './houses-app.fixture.ts';

test('check skew reads the training of the live version, and lists what serving computes differently', async () => {
  let factor = 1;
  const features = sizeTimes(() => factor);
  await using served = await openHousesApp(streetsProject({ change: { features } }));
  await writeFile(join(served.houses.folder, 'houses.csv'), salesCsv());
  await expect(served.app.checkSkew({ model: 'street-price' })).rejects.toMatchObject({ code: 'NOT_READY' });
  await served.run({ project: 'streets' });
  const rows = streetSales().length;
  const same = { model: 'street-price', version: 1, problem: null, rows, differences: 0, first: [] };
  expect(await served.app.checkSkew({ model: 'street-price' })).toMatchObject({ ...same, compared: rows });
  factor = 3;
  expect(await served.app.checkSkew({ model: 'street-price', most: 10 })).toMatchObject({
    compared: 10,
    differingRows: 10,
    first: expect.arrayContaining([expect.objectContaining({ row: 1, feature: 'size', refused: null })]),
  });
});
