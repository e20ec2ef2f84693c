import type {
  ForecastReportView,
  ModelReportView,
  ReportView,
  RocPointView,
  RunReportView,
} from '../../src/api/report-views.ts';
import type { RunRow } from '../../src/api/views.ts';
import { features } from './web.data.ts';

const mae = { name: 'mae', title: 'MAE', unit: 'runs', better: 'lower' } as const;
const brier = { name: 'brier', title: 'Brier score', unit: null, better: 'lower' } as const;

/** The report of a finished run, as the scenario has it; others have none. */
export function runReport(run: RunRow, scenario: string): RunReportView {
  if (run.status !== 'FINISHED') return { models: [] };
  const model = 't20-score';
  const none = { report: null, forecast: null, learning: null, absent: [] };
  switch (scenario) {
    case 'old':
      return { models: [{ ...none, model }] };
    case 'tiny':
      return { models: [{ ...none, model, report: tiny, absent }] };
    case 'classes':
      return { models: [{ ...none, model, report: classes, absent }] };
    case 'yesNo':
      return { models: [{ ...none, model, report: yesNo, absent }] };
    case 'forecasts':
      return { models: [{ ...none, model, forecast: forecasts }] };
    default:
      return { models: [{ ...none, model, report: scenario === 'many' ? many : well, learning }] };
  }
}

const absent = ['No learning curve: the trainer fits once, without rounds.'];

const learning: ModelReportView['learning'] = {
  loss: 'RMSE',
  rounds: 'trees',
  points: Array.from({ length: 90 }, (_none, index) => ({
    round: index * 3 + 1,
    train: 15 + 20 / (1 + index / 4),
    validation: 19 + 16 / (1 + index / 4) + index / 60,
  })),
  kept: 212,
};

const well: ReportView = {
  target: { kind: 'number' },
  unit: 'runs',
  rows: 9242,
  version: 7,
  champion: { version: 6 },
  constant: 'median',
  baselines: [{ name: 'runRate', title: 'Run rate' }],
  metric: mae,
  metrics: [
    { ...mae, value: 15.9, champion: 16.2, constant: 28.4, baselines: [21.3] },
    {
      name: 'r2',
      title: 'R²',
      unit: null,
      better: 'higher',
      value: 0.642,
      champion: 0.63,
      constant: -0.01,
      baselines: [21.3],
    },
    {
      name: 'intervalCoverage',
      title: 'Interval coverage',
      unit: null,
      better: 'neither',
      value: 0.795,
      champion: 0.81,
      constant: 0.8,
      baselines: [21.3],
    },
  ],
  residuals: { version: residuals(1), champion: residuals(1.1) },
  scatter: Array.from(
    { length: 420 },
    (_none, index) => [90 + (index % 140), 96 + (index % 140) + (((index * 7) % 41) - 20)] as const,
  ),
  cutoffs: null,
  roc: null,
  confusion: null,
  reliability: [],
  segments: [
    {
      column: 'overs',
      title: 'Overs',
      groups: ['0 to 4', '4.1 to 8', '8.1 to 12', '12.1 to 16', '16.1 to 20'].map((name, index) => ({
        name,
        rows: 1848 + index,
        value: 24 - index * 4.1,
        champion: 24.5 - index * 4.1,
        constant: 28,
        baselines: [21.3],
        further: [31.4, 0.79],
      })),
    },
    {
      column: 'venue',
      title: 'Venue',
      groups: [
        {
          name: 'The ground with the longest name that anybody ever gave to a place for cricket',
          rows: 12,
          value: 22,
          champion: null,
          constant: 30,
          baselines: [21.3],
          further: [31.4, 0.79],
        },
        {
          name: 'others',
          rows: 9230,
          value: 15.8,
          champion: 16.1,
          constant: 28.4,
          baselines: [21.3],
          further: [null, 0.8],
        },
      ],
    },
  ],
  segmentMetrics: [
    { name: 'rmse', title: 'RMSE', unit: 'runs', better: 'lower' },
    { name: 'intervalCoverage', title: 'Interval coverage', unit: null, better: 'neither' },
  ],
  overTime: Array.from({ length: 12 }, (_none, index) => ({
    from: `2019-0${1 + (index % 9)}-01`,
    to: `2019-0${1 + (index % 9)}-28`,
    rows: 770,
    value: 15 + (index % 3),
    champion: 15.4 + (index % 4) / 2,
    constant: 28 + (index % 5),
    baselines: [21.3],
  })),
  worst: Array.from({ length: 20 }, (_none, index) => ({
    row: 40_000 + index * 31,
    loss: 90 - index,
    truth: 260 - index,
    predicted: 170.25,
    values: ['Batting team', 'Bowling team', 'Overs', 'Runs', 'Wickets', 'Venue'].map((title, at) => ({
      name: title,
      title,
      form: 'amount',
      value: at < 2 ? 'Royal Challengers Bangalore' : at === 5 ? null : at * 7 + 0.1234567,
    })),
  })),
  importances: {
    rows: 1000,
    loss: 15.7,
    features: features.map(([feature, title], index) => ({
      feature,
      title,
      increase: 12 / (index + 1) ** 2 - 0.1,
    })),
  },
};

/** As much as a report may hold. */
const many: ReportView = {
  ...well,
  segments: Array.from({ length: 40 }, (_none, column) => ({
    column: `field${column}`,
    title: `Field ${column}`,
    groups: Array.from({ length: 12 }, (_value, index) => ({
      name: `value ${index} of ${'x'.repeat(90)}`,
      rows: 770,
      value: index,
      champion: index + 1,
      constant: 20,
      baselines: [21.3],
      further: [null, 0.81],
    })),
  })),
  worst: well.worst.map((row) => ({
    ...row,
    values: Array.from({ length: 30 }, (_none, index) => ({
      name: `field${index}`,
      title: `Field ${index}`,
      form: 'amount',
      value: 'x'.repeat(101),
    })),
  })),
  importances: {
    rows: 100,
    loss: 15.7,
    features: Array.from({ length: 100 }, (_none, index) => ({
      feature: `feature${index}`,
      title: `Feature ${index}`,
      increase: 1 / (index + 1),
    })),
  },
};

const tiny: ReportView = {
  ...well,
  rows: 1,
  champion: null,
  metrics: [{ ...mae, value: 3, champion: null, constant: null, baselines: [null] }],
  residuals: {
    version: {
      quantiles: { '0.05': 3, '0.25': 3, '0.5': 3, '0.75': 3, '0.95': 3 },
      histogram: { from: 3, to: 3, counts: [1, ...Array.from({ length: 19 }, () => 0)], outside: [0, 0] },
    },
    champion: null,
  },
  segments: [],
  overTime: well.overTime.slice(0, 1),
  worst: well.worst.slice(0, 1),
  importances: null,
};

const classes: ReportView = {
  ...well,
  target: { kind: 'class', classes: ['free', 'team', 'business'] },
  unit: null,
  constant: 'shares',
  metric: brier,
  metrics: [{ ...brier, value: 0.21, champion: 0.214, constant: 0.25, baselines: [21.3] }],
  residuals: null,
  scatter: null,
  confusion: {
    classes: ['free', 'team', 'business', null],
    counts: [
      [4100, 212, 40, 3],
      [310, 2204, 122, 0],
      [12, 190, 1833, 1],
      [0, 3, 20, 192],
    ],
  },
  reliability: ['free', 'team', 'business'].map((name, of) => ({
    class: name,
    version: bins(of / 30),
    champion: bins(-0.04),
  })),
  worst: well.worst.map((row) => ({
    ...row,
    truth: 'business',
    predicted: { free: 0.81, team: 0.15, business: 0.04 },
  })),
};

/** Yes or no. */
const yesNo: ReportView = {
  ...classes,
  target: { kind: 'boolean' },
  confusion: null,
  cutoffs: { version: cutoffs(1), champion: cutoffs(1.1) },
  roc: { version: curve(0.4), champion: curve(0.5) },
  reliability: classes.reliability.slice(0, 1).map((of) => ({ ...of, class: 'true' })),
  worst: classes.worst.map((row) => ({ ...row, truth: true, predicted: { true: 0.04 } })),
};

const smape = { name: 'smape', title: 'sMAPE', unit: null, better: 'lower' } as const;
const beside = (
  value: number,
): { value: number; champion: number; constant: number; baselines: number[] } => ({
  value,
  champion: value * 1.04,
  constant: value * 1.5,
  baselines: [value * 1.2],
});

const forecasts: ForecastReportView = {
  unit: 'kWh',
  rows: 1080,
  series: 30,
  version: 7,
  champion: { version: 6 },
  constant: 'seasonal-naive',
  baselines: [{ name: 'lastYear', title: 'Last year' }],
  metric: smape,
  metrics: [
    { ...smape, ...beside(12.4) },
    {
      name: 'intervalCoverage',
      title: 'Interval coverage',
      unit: null,
      better: 'neither',
      value: 0.77,
      champion: 0.81,
      constant: null,
      baselines: [null],
    },
  ],
  byStep: Array.from({ length: 12 }, (_none, index) => ({
    step: index + 1,
    rows: 90,
    ...beside(9 + index / 2),
  })),
  coverage: {
    level: 0.8,
    byStep: Array.from({ length: 12 }, (_none, index) => ({
      step: index + 1,
      value: 0.85 - index / 90,
      champion: 0.82,
    })),
  },
  byOrigin: [2017, 2018, 2019].map((year) => ({
    from: `${year}-01-01`,
    to: `${year}-12-01`,
    rows: 360,
    ...beside(12 + (year % 3)),
  })),
  worstSeries: Array.from({ length: 20 }, (_none, index) => ({
    name: index === 0 ? `The meter of the longest street ${'x'.repeat(60)}` : `Meter ${index}`,
    rows: 36,
    ...beside(40 - index),
  })),
  worst: Array.from({ length: 6 }, (_none, index) => ({
    series: index === 0 ? `The meter of the longest street ${'x'.repeat(60)}` : `Meter ${index}`,
    value: 60 - index,
    history: Array.from({ length: 36 }, (_value, at) => ({
      time: `20${14 + Math.floor(at / 12)}-${String(1 + (at % 12)).padStart(2, '0')}-01`,
      value: 100 + 30 * Math.sin(at / 2),
    })),
    steps: Array.from({ length: 12 }, (_value, at) => ({
      time: `2017-${String(at + 1).padStart(2, '0')}-01`,
      truth: 160 + 30 * Math.sin((at + 36) / 2),
      predicted: 105 + 25 * Math.sin((at + 36) / 2),
      low: 80 + 25 * Math.sin((at + 36) / 2),
      high: 130 + 25 * Math.sin((at + 36) / 2),
    })),
  })),
};

function residuals(scale: number): NonNullable<ReportView['residuals']>['version'] {
  const shares = { '0.01': -45, '0.05': -31, '0.25': -11, '0.5': 0.4, '0.75': 12, '0.95': 33, '0.99': 50 };
  return {
    quantiles: Object.fromEntries(Object.entries(shares).map(([share, value]) => [share, value * scale])),
    histogram: {
      from: -90 * scale,
      to: 110 * scale,
      counts: Array.from({ length: 20 }, (_none, index) =>
        Math.round(1800 * Math.exp(-((index - 9) ** 2) / 8)),
      ),
      outside: [0, 2],
    },
  };
}

function cutoffs(power: number): NonNullable<ReportView['cutoffs']>['version'] {
  const shares = Array.from({ length: 101 }, (_none, percent) => 1 - percent / 100);
  return {
    rows: 9242,
    yes: 3100,
    called: shares.map((share) => Math.round(9242 * share ** (2 * power))),
    right: shares.map((share) => Math.round(3100 * share ** power)),
  };
}

/** @param power the smaller, the better */
function curve(power: number): readonly RocPointView[] {
  return Array.from({ length: 100 }, (_none, index) => ({
    from: 1 - (index + 1) / 100,
    falseAlarms: (index + 1) / 100,
    found: ((index + 1) / 100) ** power,
  }));
}

function bins(off: number): ReportView['reliability'][number]['version'] {
  return Array.from({ length: 10 }, (_none, index) =>
    index === 9
      ? { rows: 0, meanProbability: null, shareOfYes: null }
      : { rows: 40 + index * 30, meanProbability: index / 10 + 0.05, shareOfYes: index / 10 + 0.05 + off },
  );
}
