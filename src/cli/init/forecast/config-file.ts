import { formatCount } from '../../../kernel/units.ts';
import { projectTitle, sourceText } from '../files/config-file.ts';
import { csvOptions } from '../files/csv-options.ts';
import type { Names } from '../files/names.ts';
import { describe, key, list, literal } from '../files/source-text.ts';
import { type ForecastDraft, notInForecast } from './draft-forecast.ts';
import { formatSteps } from './format-forecast.ts';
import { pointNames } from './series-file.ts';

function leftOutOf({ unused }: ForecastDraft): readonly string[] {
  if (unused.length === 0) return [];
  const reasons = unused.map(({ name }) => `${key(name)}: ${literal(notInForecast)}`);
  return [list(reasons, { open: 'leftOut: {', close: '}', room: 2 })];
}

/** modelyard.config.ts of a made forecast. */
export function forecastConfigFile(draft: ForecastDraft, names: Names): string {
  const { sourceVariable, modelVariable } = names;
  const { horizon, folds, season, value } = draft;
  const point = pointNames(draft);
  const metrics = draft.positive
    ? ['smape', 'mase', 'intervalCoverage']
    : ['mase', 'mae', 'intervalCoverage'];
  const periods = formatSteps(horizon, draft);
  const tests =
    folds === 1
      ? `The last ${periods} of a series test`
      : `The last ${formatCount(folds)} times ${periods} of a series test`;
  return `import {
  blend,
  defineProject,
  ets,
  forecast,
  lower,
  rollingOrigin,
  seasonalNaive,
  source,
  step,
  table,
  theta,
} from 'modelyard';
import { csv } from 'modelyard/sources';
import { Line, Point } from './series.ts';
import { toPoints } from './steps.ts';

${sourceText(names, ['row: Line', ...csvOptions(draft)], leftOutOf(draft))}

export const points = step(${literal(names.step)}, { in: { ${sourceVariable} }, out: { rows: table(Point) } }, toPoints);

export const ${modelVariable} = forecast(${literal(draft.project)}, {
  title: ${literal(describe(value.name).title)},
  rows: points.out.rows,
  series: ${literal(point.series)},
  time: ${literal(point.time)},
  value: ${literal(point.value)},
  // ${periods.charAt(0).toUpperCase()}${periods.slice(1)} ahead.
  horizon: ${horizon},${season === undefined ? '' : `\n  // The history is too short for a season.\n  season: ${season},`}
  // The best of these on past values forecasts.
  candidates: [seasonalNaive(), ets(), theta(), theta({ dynamic: true }), blend([theta({ dynamic: true }), ets()])],
  // ${tests}, each time from the values before.
  evaluate: rollingOrigin({ folds: ${folds} }),
  metrics: [${metrics.map(literal).join(', ')}],
  // A new version goes live when its error is lower than that of the live one, on the same values.
  promote: { alias: 'prod', when: lower(${literal(metrics[0] ?? '')}) },
});

export default defineProject(${literal(draft.project)}, {
  title: ${literal(projectTitle(draft))},
  models: [${modelVariable}],
});
`;
}
