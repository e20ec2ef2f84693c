import { expect, test } from 'vitest';
import type { Model } from '../../project/models/model.ts';
import { higher, lower } from '../../project/models/promotion.ts';
import type { Verdict } from '../../registry/model.ts';
import { boostedTrees } from '../../training/boosted-trees/trainer.ts';
import { constant } from '../../training/constant.ts';
import { type Houses, openHouses } from '../houses.fixture.ts';
import { visitsCsv, visitsProject } from '../kinds.fixture.ts';

type Change = Partial<Model>;
type Kind = 'boolean' | 'class' | 'number';

async function judged(
  houses: Houses,
  kind: Kind,
  change: Change = {},
): Promise<{
  readonly verdict: Verdict | undefined;
  readonly facts: unknown;
  readonly failures: readonly unknown[];
}> {
  const project = visitsProject(kind, change);
  const { outcomes, failures, states } = await houses.run(project);
  const name = project.models[0]?.name;
  return {
    verdict: [...outcomes.values()][0]?.verdict,
    facts: states.get(`${name}.evaluate`)?.facts,
    failures,
  };
}

const figure = expect.any(Number) as number;

test('yes or no: metrics, baselines of both kinds, an own measure, and a baseline that holds', async () => {
  await using houses = await openHouses({ text: visitsCsv(400) });
  const sure = (tested: Iterable<{ truth: boolean; prediction: number }>): number => {
    const rows = [...tested].filter(({ prediction }) => Math.abs(prediction - 0.5) > 0.4);
    return rows.filter(({ truth, prediction }) => truth === prediction > 0.5).length / rows.length;
  };
  const change: Change = {
    metrics: ['brier', 'auc', 'logLoss'],
    measures: { sureAccuracy: { better: 'higher', value: sure as never } },
    baselines: { shares: constant(), half: (() => 0.5) as never, oracle: (() => 1) as never },
  };
  const { verdict, facts, failures } = await judged(houses, 'boolean', {
    ...change,
    promote: {
      alias: 'prod',
      when: lower('brier'),
      beats: ['shares', 'half'],
      atLeast: { sureAccuracy: 0.5 },
    },
  });
  expect(failures).toEqual([]);
  expect(verdict?.decision).toEqual({ kind: 'promote', because: 'first' });
  expect(verdict?.facts).toMatchObject({
    baseline: { predicts: 'shares', metrics: { auc: 0.5, brier: figure } },
    baselines: { half: { brier: 0.25, auc: 0.5 }, shares: { auc: 0.5 } },
    standardErrors: { candidate: figure, baseline: figure, baselines: { half: figure } },
  });
  expect(facts).toMatchObject({ metrics: { sureAccuracy: figure }, leaks: [] });
  const weak = await judged(houses, 'boolean', {
    ...change,
    trainer: constant(),
    promote: { alias: 'prod', when: lower('brier'), beats: ['shares'] },
  });
  expect(weak.verdict?.decision).toMatchObject({
    kind: 'hold',
    because: 'not-better-than-baseline',
    baseline: 'shares',
  });
});

test('classes: a baseline of shares, and the comparison with the live version', async () => {
  await using houses = await openHouses({ text: visitsCsv(400) });
  const change: Change = {
    baselines: { mostlyFree: (() => ({ free: 0.5, team: 0.3, business: 0.2 })) as never },
    promote: { alias: 'prod', when: lower('logLoss'), first: 'always' },
  };
  const first = await judged(houses, 'class', { ...change, trainer: constant() });
  expect(first.failures).toEqual([]);
  const { verdict } = await judged(houses, 'class', {
    ...change,
    promote: { alias: 'prod', when: lower('logLoss'), beats: ['mostlyFree'] },
  });
  expect(verdict?.decision).toMatchObject({ kind: 'promote', because: 'better', metric: 'logLoss' });
  expect(verdict?.facts).toMatchObject({
    champion: { version: 1, metrics: { logLoss: figure, accuracy: figure } },
    baselines: { mostlyFree: { logLoss: figure } },
    standardErrors: { champion: figure },
  });
});

test.each(['boolean', 'class', 'number'] as const)(
  '%s: a walk forward with the live version fitted again, transform and calibration included',
  async (kind) => {
    await using houses = await openHouses({ text: visitsCsv(400) });
    const rule = {
      alias: 'prod',
      when: lower(kind === 'number' ? 'mae' : 'logLoss'),
      first: 'always',
    } as const;
    const change: Change = {
      split: { by: 'day', group: 'id', test: { from: '2024-07-01', refit: 'quarter' }, gap: '1d' },
      metrics: kind === 'number' ? ['mae'] : ['logLoss', 'accuracy'],
      promote: rule,
    };
    expect((await judged(houses, kind, { ...change, trainer: constant() })).failures).toEqual([]);
    const { verdict, facts } = await judged(houses, kind, change);
    expect(facts).toMatchObject({ periods: [{ period: 1 }, { period: 2 }, { period: 3 }] });
    expect(verdict?.facts.lastPeriod).toBeUndefined();
    expect(verdict?.decision).toMatchObject({ kind: 'promote', because: 'better' });
  },
);

/** What is bought is written once more, as the number of pages. */
const leaking = (rows: number): string =>
  visitsCsv(rows, (_row, { bought }) => ({ pages: bought === 'true' ? '30' : '2' }));
const leak = { feature: 'pages', by: 'AUC', value: 1 };
const honest: Change = { features: ((asked: { minutes: number }) => ({ minutes: asked.minutes })) as never };

async function makeLive({ registry }: Houses, version: number): Promise<void> {
  await registry.moveAlias({
    model: 'bought',
    alias: 'prod',
    from: (await registry.aliases('bought'))['prod'],
    to: version,
    by: 'ada',
    movedAt: 1,
  });
}

test('a first version that one feature explains fully is held, and an honest one goes live', async () => {
  await using houses = await openHouses({ text: leaking(600) });
  const { facts, verdict } = await judged(houses, 'boolean');
  expect(facts).toMatchObject({ leaks: [leak] });
  expect(verdict).toMatchObject({
    decision: { kind: 'hold', because: 'leak', leak },
    facts: { leaks: [leak] },
  });
  const repaired = await judged(houses, 'boolean', { ...honest, promote: always });
  expect(repaired.verdict).toMatchObject({ decision: { kind: 'promote' }, facts: { leaks: [] } });
});

const always = { alias: 'prod', when: lower('brier'), first: 'always' } as const;

test('a leak among few test rows is found among all rows of the split', async () => {
  await using houses = await openHouses({ text: leaking(300) });
  expect((await judged(houses, 'boolean')).verdict?.decision).toMatchObject({ because: 'leak', leak });
});

test('who promotes a leak by hand keeps it, and a repaired version says how to replace it', async () => {
  await using houses = await openHouses({ text: leaking(600) });
  await judged(houses, 'boolean');
  await makeLive(houses, 1);
  const more = await judged(houses, 'boolean', { trainer: constant() });
  expect(more.verdict?.decision, 'a leak that is live is accepted').toMatchObject({ because: 'not-better' });
  const { verdict } = await judged(houses, 'boolean', honest);
  expect(verdict).toMatchObject({
    decision: { kind: 'hold', because: 'not-better' },
    facts: { champion: { version: 1 }, leaks: [], championLeaks: [leak] },
  });
});

test('a leak does not replace a live version without it', async () => {
  await using houses = await openHouses({ text: leaking(600) });
  await judged(houses, 'boolean', { ...honest, promote: always });
  const { verdict } = await judged(houses, 'boolean');
  expect(verdict).toMatchObject({ decision: { because: 'leak' }, facts: { championLeaks: [] } });
});

test('a perfect model of several features is no leak', async () => {
  await using houses = await openHouses({
    text: visitsCsv(600, (_row, { pages, minutes }) => ({
      bought: String(Number(pages) > 15 === minutes > 45),
    })),
  });
  const { verdict } = await judged(houses, 'boolean', {
    trainer: boostedTrees({ trees: 60, depth: 4, learningRate: 0.3, minLeafRows: 2 }),
  });
  expect(verdict?.facts).toMatchObject({ leaks: [] });
  expect(verdict?.facts.candidate.metrics['accuracy']).toBeGreaterThan(0.98);
  expect(verdict?.decision).toEqual({ kind: 'promote', because: 'first' });
});

test.each(['precision', 'f1'] as const)('by %s a version must beat always predicting yes', async (metric) => {
  await using houses = await openHouses({
    text: visitsCsv(400, (row) => ({ bought: String(row % 5 === 0) })),
  });
  const promote = { alias: 'prod', when: higher(metric) };
  const { verdict } = await judged(houses, 'boolean', { metrics: [metric], promote, trainer: constant() });
  const { baseline } = verdict?.facts ?? {};
  expect(baseline?.predicts).toBe('yes');
  expect(baseline?.metrics[metric]).toBeCloseTo(metric === 'precision' ? 0.2 : 1 / 3, 1);
  expect(verdict?.decision.kind).toBe('hold');
});

test('by AUC chance must be beaten', async () => {
  await using houses = await openHouses({ text: visitsCsv(400) });
  const auc: Change = { metrics: ['auc'], promote: { alias: 'prod', when: higher('auc') } };
  expect((await judged(houses, 'boolean', { ...auc, trainer: constant() })).verdict?.decision).toEqual({
    kind: 'hold',
    because: 'below-baseline',
    metric: 'auc',
    gain: 0,
  });
});

test('a measure that a constant does not have shows nothing, unless a baseline of the project has it', async () => {
  await using houses = await openHouses({ text: visitsCsv(400) });
  const spread = (tested: readonly { prediction: number }[]): number => {
    const all = tested.map(({ prediction }) => prediction);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    return low === high ? Number.NaN : high - low;
  };
  const measured: Change = { measures: { spread: { better: 'higher', value: spread as never } } };
  const promote = { alias: 'prod', when: higher('spread') };
  expect((await judged(houses, 'boolean', { ...measured, promote })).verdict?.decision).toEqual({
    kind: 'hold',
    because: 'baseline-not-measured',
    metric: 'spread',
  });
});

test('a live version that predicts another kind cannot be compared', async () => {
  await using houses = await openHouses({ text: visitsCsv(400) });
  await judged(houses, 'boolean');
  const project = visitsProject('number', { name: 'bought', transform: undefined });
  const { outcomes } = await houses.run(project);
  expect([...outcomes.values()][0]?.verdict?.decision).toMatchObject({
    because: 'incomparable',
    reason: 'it predicts "bought", and the new version "spent"',
  });
});

test('a baseline that returns no probability fails by its name', async () => {
  await using houses = await openHouses({ text: visitsCsv(300) });
  const { failures } = await judged(houses, 'boolean', { baselines: { odds: (() => 3) as never } });
  expect(JSON.stringify(failures)).toContain('baselines.odds');
});
