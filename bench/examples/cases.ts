import { join } from 'node:path';
import type { Metric } from '../../src/project/models/metric.ts';
import { parquetToCsv, unzip, writeGameLogs } from './data.ts';

export interface MetricGoal {
  readonly metric: string;
  readonly better: 'more' | 'less';
  /** The figure to reach. */
  readonly goal: number;
  /** The reference on the same rows, measured in Python or published. */
  readonly reference: number;
}

/** How a peer reads the rows of a model. */
export interface PeerModel {
  /** The step whose table `rows` the model learns from. */
  readonly rows: string;
  readonly target: string;
  readonly kind: 'number' | 'boolean';
  /** As the model's transform: a column or feature by which the target is divided. @default none */
  readonly ratioTo?: string;
  /** A column or feature above which the target is learned. @default none */
  readonly above?: string;
  /** A metric over the rows that have at most so much of a feature. */
  readonly where?: { readonly metric: string; readonly feature: string; readonly most: number };
}

export interface ModelCase {
  readonly goals: readonly MetricGoal[];
  /** @default no peer */
  readonly peer?: PeerModel;
  /** The metric that is printed by the months since training. @default none */
  readonly overTime?: Metric;
}

/** An example on its real data. */
export interface ExampleCase {
  readonly example: string;
  /** Values of the example's params, from a folder of the real data. @param scratch for converted files */
  readonly params: (data: string, scratch: string) => Promise<Readonly<Record<string, string>>>;
  readonly models: Readonly<Record<string, ModelCase>>;
}

export const cases: readonly ExampleCase[] = [
  {
    example: 'nba-games',
    async params(data, scratch) {
      const games = join(scratch, 'games');
      await writeGameLogs(join(data, 'nba', 'team_game_logs_1985_2019.parquet'), games, 1990);
      return { data: games, testFrom: '2015-10-01' };
    },
    models: {
      'home-win': {
        goals: [
          { metric: 'accuracy', better: 'more', goal: 0.665, reference: 0.6661 },
          { metric: 'brier', better: 'less', goal: 0.2106, reference: 0.2111 },
        ],
        peer: { rows: 'matchups', target: 'homeWin', kind: 'boolean' },
      },
      margin: {
        goals: [{ metric: 'mae', better: 'less', goal: 9.85, reference: 9.81 }],
        peer: { rows: 'matchups', target: 'margin', kind: 'number' },
      },
    },
  },
  {
    example: 'market-direction',
    async params(data, scratch) {
      const bars = join(scratch, 'bars.csv');
      await parquetToCsv(join(data, 'market', 'ohlcv_daily_alphavantage_1999_2021.parquet'), bars);
      return { data: bars, testFrom: '2015-01-01' };
    },
    models: {
      direction: {
        goals: [{ metric: 'auc', better: 'more', goal: 0.515, reference: 0.515 }],
        peer: { rows: 'directions', target: 'up', kind: 'boolean' },
      },
    },
  },
  {
    example: 't20-score',
    async params(data) {
      return { data: join(data, 'cricket', 't20i_cricsheet_yaml.tar.xz'), testFrom: '2019-06-01' };
    },
    models: {
      't20-score': {
        goals: [
          { metric: 'mae', better: 'less', goal: 16.9, reference: 16.9 },
          { metric: 'r2', better: 'more', goal: 0.63, reference: 0.629 },
          { metric: 'maeFromOver5', better: 'less', goal: 14.1, reference: 14.1 },
        ],
        overTime: 'mae',
        peer: {
          rows: 'innings',
          target: 'finalScore',
          kind: 'number',
          above: 'projected',
          where: { metric: 'maeFromOver5', feature: 'ballsLeft', most: 90 },
        },
      },
    },
  },
  {
    example: 'savings',
    async params(data, scratch) {
      const [people, households] = [join(scratch, 'people.csv'), join(scratch, 'households.csv')];
      await unzip(join(data, 'savings', 'india_personal_finance.csv.gz'), people);
      await unzip(join(data, 'savings', 'ph_fies2015.csv.gz'), households);
      return { people, households };
    },
    models: {
      savings: {
        goals: [
          { metric: 'mae', better: 'less', goal: 545, reference: 545 },
          { metric: 'r2', better: 'more', goal: 0.976, reference: 0.976 },
        ],
        peer: { rows: 'budgets', target: 'savings', kind: 'number', ratioTo: 'income' },
      },
      'household-savings': {
        goals: [
          { metric: 'mae', better: 'less', goal: 30_753, reference: 30_753 },
          { metric: 'r2', better: 'more', goal: 0.743, reference: 0.743 },
        ],
        peer: { rows: 'homes', target: 'savings', kind: 'number', ratioTo: 'income' },
      },
    },
  },
];
