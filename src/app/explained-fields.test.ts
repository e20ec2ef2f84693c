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
