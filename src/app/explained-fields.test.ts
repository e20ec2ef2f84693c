import { expect, test } from 'vitest';
import { housesProject } from '../lifecycle/houses.fixture.ts';
import { openHousesApp } from './houses-app.fixture.ts';

test('a prediction is explained by the fields of its request, and the endpoint says what was seen of each', async () => {
  const project = housesProject({
    features: (({ size, garden }: { readonly size: number; readonly garden: boolean }) => ({
      small: size,
      'log size': Math.log(size),
      'green space': garden ? 1 : 0,
    })) as never,
  });
  await using host = await openHousesApp(project);
  await host.run({ project: 'houses', by: 'person' });
  const request = { size: 80, garden: true };
  const { explanation } = await host.app.predict({ endpoint: 'house-price', request, explain: true });
  const byField = new Map(explanation?.fields?.map((each) => [each.fields[0]?.name, each]));
  expect(new Set(byField.keys())).toEqual(new Set(['garden', 'size']));
  expect(byField.get('size')).toMatchObject({
    fields: [{ title: 'Size', value: 80 }],
    features: expect.arrayContaining(['small', 'log size']),
  });
  const { seen } = await host.app.getEndpoint({ endpoint: 'house-price' });
  expect(seen['garden']).toEqual({ kind: 'boolean', values: [false, true], missing: 0 });
  expect(seen['size']).toMatchObject({ kind: 'number', missing: 0 });
});

test('predictions and their traces name the values that training did not see', async () => {
  await using host = await openHousesApp(housesProject());
  await host.run({ project: 'houses', by: 'person' });
  const { app } = host;
  const like = { size: 80, garden: true };
  const unlike = { size: 5000, garden: true };
  const { seen } = await app.getEndpoint({ endpoint: 'house-price' });
  expect(seen['size']).toMatchObject({ kind: 'number' });
  const warnings = [
    {
      field: 'size',
      title: 'Size',
      unlike: 'outside',
      message: expect.stringMatching(/^Outside what the model learned from: \d+ to \d+\.$/),
    },
  ];
  const predicted = await app.predict({ endpoint: 'house-price', request: [like, unlike] });
  expect(predicted.map((each) => each.warnings)).toEqual([[], warnings]);
  const { prediction } = await app.explain({ prediction: predicted[1]?.predictionId ?? '' });
  expect(prediction.warnings).toEqual(warnings);
});
