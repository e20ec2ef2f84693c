import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import { boostedTrees } from '../project/trainer.ts';
import { lower } from '../project/promotion.ts';
import type { Execution } from './execute.ts';
import { clientVersion, copyOfFirst, type Homes, homesProject, openHomes } from './homes.fixture.ts';
import type { Project } from '../project/project.ts';

const withTrees = (trees: number, test = 0.2): Project =>
  homesProject({
    trainer: boostedTrees({ trees, depth: 3, minLeafRows: 5 }),
    split: { by: 'sold', group: 'id', test },
  });
const few = withTrees(2);
const many = withTrees(40);

const outcomeOf = ({ outcomes }: Execution): ReturnType<Execution['outcomes']['get']> =>
  outcomes.get('home-price');
const versionsOf = async ({ registry }: Homes): Promise<readonly number[]> =>
  (await registry.listVersions('home-price')).map(({ version }) => version);

test('the first version is promoted, with the facts that it was judged by', async () => {
  await using homes = await openHomes();
  const { outcomes, runId } = await homes.run(many);
  const { version, verdict } = outcomes.get('home-price') ?? {};
  expect(verdict).toMatchObject({
    decision: { kind: 'promote', because: 'first' },
    facts: { champion: null, testRows: 40, candidate: { version: 1, metrics: version?.metrics } },
  });
  expect(version?.metrics['mae']).toBeGreaterThan(0);
  expect(await homes.registry.aliases('home-price')).toEqual({ prod: 1 });
  expect(version && (await homes.tracking.findRun(version.runId))?.parentId).toBe(runId);
});

test('a better one takes over, a worse one is held: both are measured on the same rows', async () => {
  await using homes = await openHomes();
  await homes.run(few);
  const better = outcomeOf(await homes.run(many))?.verdict;
  expect(better?.decision).toMatchObject({ kind: 'promote', because: 'better', metric: 'mae' });
  const [first] = (await homes.registry.listVersions('home-price')).toReversed();
  expect(better?.facts.champion, 'the same rows, so the same as it was measured by itself').toEqual({
    version: 1,
    metrics: first?.metrics,
  });
  expect(homes.launched.filter(({ task }) => task === 'home-price.champion').length).toBe(1);

  const worse = outcomeOf(await homes.run(withTrees(3)))?.verdict;
  expect(worse?.decision).toMatchObject({ kind: 'hold', because: 'not-better' });
  expect(await homes.registry.aliases('home-price')).toEqual({ prod: 2 });
  expect(await homes.registry.aliasHistory('home-price', 'prod')).toMatchObject([
    { from: 1, to: 2, by: 'gate' },
    { from: undefined, to: 1, by: 'gate' },
  ]);
});

test('the champion is measured again on the candidate’s rows, by its own code', async () => {
  await using homes = await openHomes();
  await homes.run(few);
  const other = homesProject({
    trainer: boostedTrees({ trees: 40, depth: 3, minLeafRows: 5 }),
    split: { by: 'sold', group: 'id', test: 0.4 },
    features: (({ size }: { size: number }) => ({ size })) as never,
  });
  const verdict = outcomeOf(await homes.run(other))?.verdict;
  expect(verdict?.facts).toMatchObject({ testRows: 80, champion: { version: 1 } });
  const [first] = (await homes.registry.listVersions('home-price')).toReversed();
  expect(verdict?.facts.champion).not.toEqual({ version: 1, metrics: first?.metrics });
  const champion = homes.launched.find(({ task }) => task === 'home-price.champion');
  const candidate = homes.launched.findLast(({ task }) => task === 'home-price.evaluate');
  expect(champion?.inputs['sides']).toBe(candidate?.inputs['sides']);
  expect(champion?.code['features']?.key).not.toBe(candidate?.code['features']?.key);
});

test('a champion that cannot be measured is for a person to decide', async () => {
  await using homes = await openHomes();
  await homes.run(few);
  homes.before = async ({ task }) => {
    if (task === 'home-price.champion') await homes.blobs.read(digestOf('its trees'));
  };
  expect(outcomeOf(await homes.run(many))?.verdict).toMatchObject({
    decision: { kind: 'hold', because: 'incomparable', reason: expect.stringContaining('no such data') },
  });
  expect(await homes.registry.aliases('home-price')).toEqual({ prod: 1 });
});

test('what was not good enough is not asked about twice, until the champion is another', async () => {
  await using homes = await openHomes();
  await homes.run(many);
  await homes.run(few);
  const judged = (await homes.registry.listVerdicts('home-price')).length;
  const again = await homes.run(few);
  expect({ run: again.runId, verdict: outcomeOf(again)?.verdict }).toEqual({
    run: undefined,
    verdict: undefined,
  });
  expect((await homes.registry.listVerdicts('home-price')).length).toBe(judged);

  const third = await homes.registry.register({
    ...((await homes.registry.findVersion('home-price', 2)) ?? ({} as never)),
    folder: digestOf('not a model folder'),
  });
  await homes.registry.moveAlias({
    model: 'home-price',
    alias: 'prod',
    from: 1,
    to: third.version,
    by: 'me',
    movedAt: 1,
  });
  expect(outcomeOf(await homes.run(few))?.verdict?.facts.champion).toMatchObject({ version: 3 });
});

test('going back to what was there makes no version', async () => {
  await using homes = await openHomes();
  await homes.run(few);
  await homes.run(many);
  await homes.run(few);
  expect(await versionsOf(homes)).toEqual([2, 1]);
});

test('a copy of the version that somebody put live is that version: nothing is to be decided', async () => {
  await using homes = await openHomes();
  await homes.run(few);
  const { version } = await homes.catalogue.createVersion(await copyOfFirst(homes));
  await homes.catalogue.putAlias({ model: 'home-price', alias: 'prod', version }, { by: 'me', at: 1 });
  expect(outcomeOf(await homes.run(few))).toMatchObject({ version: { version: 1 }, verdict: undefined });
  expect(outcomeOf(await homes.run(many))?.verdict).toMatchObject({
    decision: { kind: 'promote', because: 'better' },
    facts: { champion: { version: 2, metrics: { mae: expect.any(Number) } } },
  });
});

test('what a client registered cannot be measured, so a person decides', async () => {
  await using homes = await openHomes();
  await homes.run(few);
  const { version } = await homes.catalogue.createVersion(clientVersion());
  await homes.catalogue.putAlias({ model: 'home-price', alias: 'prod', version }, { by: 'me', at: 1 });
  expect(outcomeOf(await homes.run(many))?.verdict).toMatchObject({
    decision: { kind: 'hold', because: 'incomparable' },
    facts: { champion: { version: 2, reason: 'the pipeline did not make it' } },
  });
});

test('code that is written otherwise and means the same makes no version', async () => {
  await using homes = await openHomes();
  await homes.run(many);
  const { bundler } = homes;
  homes.bundler = {
    async bundle(value, field) {
      const { digest } = await homes.blobs.put(`// the same, a line lower\n${field}`);
      return { ...(await bundler.bundle(value, field)), bundle: digest };
    },
  };
  expect((await homes.run(many)).runId).toBeUndefined();
  expect(await versionsOf(homes)).toEqual([1]);
});

test('a limit is held whatever the champion is', async () => {
  await using homes = await openHomes();
  const strict = homesProject({ promote: { alias: 'prod', when: lower('mae'), atMost: { mae: 1 } } });
  expect(outcomeOf(await homes.run(strict))?.verdict?.decision).toMatchObject({
    kind: 'hold',
    because: 'outside-limit',
    limit: 1,
  });
  expect(await homes.registry.aliases('home-price')).toEqual({});
});

test('an alias that moved while the champion was measured is not moved back', async () => {
  await using homes = await openHomes();
  await homes.run(few);
  await homes.run(withTrees(1));
  const move = { model: 'home-price', alias: 'prod', from: 1, to: 2, by: 'me', movedAt: 1 };
  homes.before = async ({ task }) => {
    if (task === 'home-price.champion') await homes.registry.moveAlias(move);
  };
  const onOtherRows = withTrees(40, 0.3);
  const { failures, runId } = await homes.run(onOtherRows);
  expect(failures).toMatchObject([{ task: 'home-price.gate', error: { code: 'ALIAS_MOVED' } }]);
  expect(await homes.registry.aliases('home-price')).toEqual({ prod: 2 });
  expect(runId && (await homes.tracking.findRun(runId))?.status).toBe('FAILED');

  homes.before = async () => {};
  expect(outcomeOf(await homes.run(onOtherRows))?.verdict, 'the next run asks anew').toMatchObject({
    decision: { kind: 'promote', because: 'better' },
    facts: { champion: { version: 2 } },
  });
});
