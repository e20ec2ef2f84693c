import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JobView } from '../../src/api/job-views.ts';
import type { ExplainView } from '../../src/api/views.ts';
import { modelyard, repository, temporaryFolder } from './product.ts';

interface Asked {
  readonly endpoint: string;
  readonly request: object;
  /** What every prediction of the endpoint has. */
  readonly expected: object;
}

const isProbability = expect.toSatisfy((value: unknown) => Number(value) >= 0.3 && Number(value) <= 1);
const household = {
  income: 250_000,
  region: 'NCR',
  headAge: 35,
  headSex: 'Male',
  schooling: 'College',
  hasJob: true,
  livesFrom: 'Wages',
  extended: false,
  members: 4,
  infants: 1,
  children: 1,
  employed: 2,
};

const examples: Readonly<Record<string, readonly Asked[]>> = {
  't20-score': [
    {
      endpoint: 't20-score',
      request: {
        battingTeam: 'India',
        bowlingTeam: 'Australia',
        ballsBowled: 60,
        runs: 78,
        wickets: 2,
        runsLastFive: 41,
        wicketsLastFive: 1,
      },
      expected: { prediction: expect.any(Number), unit: 'runs', interval: expect.anything() },
    },
  ],
  'nba-games': [
    {
      endpoint: 'home-win',
      request: { date: '2025-11-01', home: 'BOS', away: 'LAL' },
      expected: { prediction: expect.any(Boolean), probability: isProbability },
    },
    {
      endpoint: 'margin',
      request: { date: '2025-11-01', home: 'BOS', away: 'LAL' },
      expected: { prediction: expect.any(Number), unit: 'points', interval: expect.anything() },
    },
  ],
  'market-direction': [
    {
      endpoint: 'direction',
      request: { symbol: 'ANVL', date: '2023-12-29' },
      expected: { prediction: expect.any(Boolean), probability: isProbability },
    },
  ],
  savings: [
    {
      endpoint: 'household-savings',
      request: household,
      expected: { prediction: expect.any(Number), unit: 'PHP per year' },
    },
    {
      endpoint: 'tenure',
      request: household,
      expected: { prediction: expect.stringMatching(/^(owned|rented|free)$/), probability: isProbability },
    },
  ],
  'smape-forecast': [
    {
      endpoint: 'sales',
      request: { series: 'S0001', horizon: 3 },
      expected: { kind: 'forecast', points: [expect.anything(), expect.anything(), expect.anything()] },
    },
  ],
};

describe.each(Object.entries(examples))('%s', (example, questions) => {
  test('goes from simulated raw data to predictions that are traced back to raw bytes', async () => {
    await using state = await temporaryFolder();
    const at = ['--project', join(repository, 'examples', example), '--state', state.path];
    const done = async (args: readonly string[]): Promise<string> => {
      const { code, out, err } = await modelyard([...args, ...at]);
      expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
      return out;
    };
    const job = JSON.parse(await done(['run', '--json'])) as JobView;
    for (const verdict of job.outcome?.verdicts ?? [])
      expect(verdict).toMatchObject({ decision: { kind: 'promote' } });
    for (const { endpoint, request, expected } of questions) {
      const prediction = JSON.parse(await done(['predict', endpoint, JSON.stringify(request), '--json'])) as {
        readonly predictionId: string;
      };
      expect(prediction).toMatchObject({ endpoint, version: 1, ...expected });
      const explained = JSON.parse(await done(['explain', prediction.predictionId, '--json'])) as ExplainView;
      expect(explained.rawFiles.length).toBeGreaterThan(0);
      expect(explained.rawFiles.every(({ simulated }) => simulated)).toBe(true);
    }
    expect(await done(['run'])).toMatch(/^Nothing changed/);
  }, 600_000);
});
