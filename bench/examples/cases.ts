import { join } from 'node:path';
import { parquetToCsv, unzip, writeGameLogs } from './data.ts';

export interface MetricGoal {
  readonly metric: string;
  readonly better: 'more' | 'less';
  /** The figure to reach. */
  readonly goal: number;
  /** The reference on the same rows, measured in Python or published. */
  readonly reference: number;
}

/** How to read a model's rows for a peer. */
export interface PeerModel {
  /** The step whose table `rows` the model learns from. */
  readonly rows: string;
  readonly target: string;
  /** A column or feature that the target is divided by for training, as by the model's transform. @default none */
  readonly ratioTo?: string;
}

/** An example on its real data. */
export interface ExampleCase {
  readonly example: string;
  /** Values of the example's params, from a folder of the real data. @param scratch for converted files */
  readonly params: (data: string, scratch: string) => Promise<Readonly<Record<string, string>>>;
  readonly models: Readonly<Record<string, readonly MetricGoal[]>>;
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
      'home-win': [
        { metric: 'accuracy', better: 'more', goal: 0.665, reference: 0.6661 },
        { metric: 'brier', better: 'less', goal: 0.2106, reference: 0.2111 },
      ],
      margin: [{ metric: 'mae', better: 'less', goal: 9.85, reference: 9.81 }],
    },
  },
  {
    example: 'market-direction',
    async params(data, scratch) {
      const bars = join(scratch, 'bars.csv');
      await parquetToCsv(join(data, 'market', 'ohlcv_daily_alphavantage_1999_2021.parquet'), bars);
      return { data: bars, testFrom: '2015-01-01' };
    },
    models: { direction: [{ metric: 'auc', better: 'more', goal: 0.515, reference: 0.515 }] },
  },
  {
    example: 't20-score',
    async params(data) {
      return { data: join(data, 'cricket', 't20i_cricsheet_yaml.tar.xz'), testFrom: '2019-06-01' };
    },
    models: {
      't20-score': [
        { metric: 'mae', better: 'less', goal: 16.9, reference: 16.9 },
        { metric: 'r2', better: 'more', goal: 0.63, reference: 0.629 },
        { metric: 'maeFromOver5', better: 'less', goal: 14.1, reference: 14.1 },
      ],
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
      savings: [
        { metric: 'mae', better: 'less', goal: 545, reference: 545 },
        { metric: 'r2', better: 'more', goal: 0.976, reference: 0.976 },
      ],
      'household-savings': [
        { metric: 'mae', better: 'less', goal: 30_753, reference: 30_753 },
        { metric: 'r2', better: 'more', goal: 0.743, reference: 0.743 },
      ],
    },
  },
];
