import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import type { Model } from '../../project/models/model.ts';
import { lower, type PromotionRule } from '../../project/models/promotion.ts';
import type { Project } from '../../project/project.ts';
import { source } from '../../project/tables/source.ts';
import type { Verdict } from '../../registry/model.ts';
import { csv } from '../../sources/csv/csv.ts';
import { type Houses, housesCsv, housesProject, openHouses } from '../houses.fixture.ts';
import { visitsCsv, visitsProject } from '../kinds.fixture.ts';

const staying: PromotionRule = { alias: 'prod', when: lower('mae', { by: 1e9 }) };
const split = { group: 'id', test: 0.3 } as const;

/** The first version knows houses up to 150 m², the second one all. */
const largest = 150;
const [header = '', ...lines] = housesCsv(400).trimEnd().split('\n');
const sizeOf = (line: string): number => Number(line.split(',')[2]);
const textOf = (each: readonly string[]): string => `${[header, ...each].join('\n')}\n`;
const small = lines.filter((line) => sizeOf(line) <= largest);
const large = lines.filter((line) => sizeOf(line) > largest);

const Asked = z.object({ size: z.number().min(0), garden: z.boolean() });
const Small = z.object({ size: z.number().min(0).max(largest), garden: z.boolean() });

async function judged(houses: Houses, text: string, project: Project): Promise<Verdict | undefined> {
  await writeFile(join(houses.folder, 'houses.csv'), text);
  const { outcomes, failures } = await houses.run(project);
  expect(failures).toEqual([]);
  return [...outcomes.values()][0]?.verdict;
}

const over = (change: Partial<Model>): Project => housesProject({ split, promote: staying, ...change });

const throwing = (({ size, garden }: { size: number; garden: boolean }) => {
  // As the process of a task reports what a project's function throws.
  if (size > largest)
    throw new PlatformError('USER_CODE_FAILED', { field: 'size', value: size, remedy: 'no district' });
  return { size: size / 10, garden: Number(garden) };
}) as Model['features'];
const renaming = (({ size, garden }: { size: number; garden: boolean }) => ({
  [size > largest ? 'mansion' : 'size']: size / 10,
  garden: Number(garden),
})) as Model['features'];

test.each<[string, Partial<Model>, string]>([
  ['its request schema refuses', { request: Small }, 'The request schema refuses it'],
  ['its feature function throws for', { request: Asked, features: throwing }, 'no district'],
  ['have a feature that it does not know', { request: Asked, features: renaming }, 'feature size: missing'],
])('test rows that %s are left out for both versions and counted', async (_what, first, reason) => {
  await using houses = await openHouses();
  expect((await judged(houses, textOf(small), over(first)))?.decision).toMatchObject({ because: 'first' });
  const { decision, facts } = (await judged(houses, textOf(lines), over({ request: Asked }))) ?? {};
  expect(decision).toMatchObject({ kind: 'hold', because: 'not-better', gain: expect.any(Number) });
  const divided = (facts?.testRows ?? 0) + (facts?.refused?.rows ?? 0);
  expect(facts).toMatchObject({
    champion: { version: 1, metrics: { mae: expect.any(Number) } },
    leftOut: 0,
    refused: { rows: expect.any(Number), reason: expect.stringContaining(reason) },
  });
  expect(facts?.refused?.rows).toBeGreaterThan(10);
  expect(facts?.refused?.rows).toBeLessThan(large.length);
  expect(divided).toBeGreaterThan(90);
});

test('where the live version can predict too few rows, the verdict is incomparable and says how many', async () => {
  await using houses = await openHouses();
  await judged(houses, textOf(small), over({ request: Small }));
  const mostlyLarge = [...small.slice(0, 30), ...large];
  const verdict = await judged(houses, textOf(mostlyLarge), over({ request: Asked }));
  expect(verdict).toMatchObject({
    decision: {
      because: 'incomparable',
      reason: expect.stringMatching(
        /^it cannot predict \d+ of the \d+ test rows: .*The request schema refuses/,
      ),
    },
    facts: { leftOut: 0 },
  });
});

const Visit = (plans: readonly [string, ...string[]]) =>
  z.object({
    id: z.string(),
    day: z.iso.date(),
    pages: z.number(),
    minutes: z.number(),
    bought: z.boolean(),
    plan: z.enum(plans),
    spent: z.number(),
  });

test('a new class is left out of the comparison, and does not stop promotion', async () => {
  const project = (plans: readonly [string, ...string[]]): Project =>
    visitsProject('class', {
      rows: source('visits', csv({ from: 'houses.csv', row: Visit(plans) })) as Model['rows'],
      targetKind: { kind: 'class', classes: plans },
      split: { group: 'id', test: 0.3 },
    });
  await using houses = await openHouses();
  const two = visitsCsv(300, (_row, { plan }) => ({ plan: plan === 'business' ? 'team' : plan }));
  const some = visitsCsv(400, (row, { plan }) => ({
    plan: row > 300 && plan === 'team' ? 'trial' : plan === 'business' ? 'team' : plan,
  }));
  expect((await judged(houses, two, project(['free', 'team'])))?.decision).toMatchObject({
    because: 'first',
  });
  const { facts, decision } = (await judged(houses, some, project(['free', 'team', 'trial']))) ?? {};
  expect(facts).toMatchObject({
    champion: { version: 1, metrics: { logLoss: expect.any(Number) } },
    refused: { reason: 'it does not know the class "trial"' },
  });
  expect(decision?.because).toMatch(/^(better|not-better)$/);
});
