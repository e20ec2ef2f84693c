import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { housesCsv, housesProject } from '../lifecycle/houses.fixture.ts';
import { boostedTrees } from '../training/boosted-trees/trainer.ts';
import { openHousesApp } from './houses-app.fixture.ts';

test('versions and runs have equal test data while the rows and their split are the same, and other with more rows', async () => {
  await using host = await openHousesApp(housesProject());
  const run = () => host.run({ project: 'houses' });
  await run();
  await host.host(housesProject({ trainer: boostedTrees({ trees: 20, depth: 2, minLeafRows: 5 }) }));
  await run();
  await writeFile(join(host.houses.folder, 'houses.csv'), housesCsv(260));
  await run();
  const { models } = await host.app.getProject({ project: 'houses' });
  const versions = models[0]?.versions ?? [];
  expect(versions.map(({ version }) => version)).toEqual([3, 2, 1]);
  const [third, second, first] = versions.map(({ testData }) => testData);
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(second).toBe(first);
  expect(third).not.toBe(second);
  expect(first).toBe(versions[2]?.verdict?.facts.testData);
  const { runs } = await host.app.listRuns({ project: 'houses', limit: 20 });
  expect(runs.map((row) => row.models[0]?.testData)).toEqual([third, second, first]);
});
