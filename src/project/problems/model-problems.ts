import { z } from 'zod';
import { listOf } from '../tables/checks.ts';
import { targetIn } from '../models/kind.ts';
import { lookupProblems } from './lookup-problems.ts';
import { metricProblems, promotionProblems } from './metric-problems.ts';
import type { Baseline, Model } from '../models/model.ts';
import type { Trainer } from '../models/trainer.ts';
import {
  type Columns,
  columnsOf,
  describe,
  formatValue,
  missingColumn,
  oneOfProblem,
  shareProblem,
} from './problem-rules.ts';
import { searchProblems } from './search-problems.ts';
import { monitorProblems, servingProblems } from './serving-problems.ts';
import { splitProblems } from './split-problems.ts';
import { trainerProblems } from '../models/trainer-options.ts';
import { notATrainer } from '../models/trainer-shape.ts';
import { formatNames } from '../../kernel/format-names.ts';

export function modelProblems(model: Model): readonly string[] {
  const columns = columnsOf(model.rows.table);
  const { metrics, measures, promote } = model;
  const kind = kindOf(model, columns);
  const measured = { kind, metrics, measures, baselines: Object.keys(model.baselines) };
  return [
    ...targetProblems(model, columns),
    ...requestProblems(model, columns),
    ...metricProblems(measured),
    ...promotionProblems(promote, measured),
    ...splitProblems(model.split, columns),
    ...lookupProblems(model),
    ...trainerProblems({ ...model, kind }),
    ...externalProblems(model),
    ...kindProblems(model, kind),
    ...Object.entries(model.baselines).flatMap(([name, baseline]) => baselineProblems(name, baseline, kind)),
    ...searchProblems(model.search),
    ...shareProblem('interval', model.interval),
    ...servingProblems(model.serve, { metrics, fields: fieldsOf(model) }),
    ...monitorProblems(model.monitor, { metrics }),
    ...outcomeProblems(model),
  ];
}

type ModelKind = Model['targetKind']['kind'];

/** Of the column, because `targetKind` is a number if the column cannot be predicted. */
function kindOf({ target, targetKind }: Model, columns: Columns): ModelKind {
  const column = columns.get(target);
  return (column && targetIn(column)?.kind) ?? targetKind.kind;
}

function fieldsOf({ request }: Model): readonly string[] {
  return Object.keys(request.shape ?? {});
}

function targetProblems({ target: name }: Model, columns: Columns): readonly string[] {
  const target = columns.get(name);
  return [
    ...missingColumn('target', name, columns),
    ...(target && !targetIn(target)
      ? [`target "${name}" is ${describe(target)}: name a column of numbers, booleans or an enum`]
      : []),
  ];
}

function requestProblems(model: Model, columns: Columns): readonly string[] {
  if (!(model.request instanceof z.ZodObject) && !('shape' in (model.request as object)))
    return ['request must be an object schema: z.object({ … })'];
  const fields = Object.entries(model.request.shape as Record<string, z.ZodType>);
  return [
    ...fields
      .filter(([field, schema]) => !columns.has(field) && !schema.safeParse(undefined).success)
      .map(
        ([field]) =>
          `request field "${field}" is not a column of its rows, so training cannot build requests`,
      ),
    ...(fields.some(([field]) => field === model.target)
      ? [
          `request field "${model.target}" is the target, which a caller cannot know: remove it from the request`,
        ]
      : []),
  ];
}

/** Options that only some kinds of target have. */
function kindProblems({ transform, calibrate, interval }: Model, kind: ModelKind): readonly string[] {
  const given = transform as Partial<Record<'forward' | 'inverse', unknown>> | undefined;
  return [
    ...(given && kind !== 'number' ? [`transform is for numbers: a ${kind} target has no scale`] : []),
    ...(given ? (['forward', 'inverse'] as const) : [])
      .filter((name) => typeof given?.[name] !== 'function')
      .map((name) => `transform.${name} must be a function (got ${formatValue(given?.[name])})`),
    ...oneOfProblem('calibrate', calibrate, ['auto', 'sigmoid', 'isotonic', 'none']),
    ...(calibrate !== 'none' && kind === 'number'
      ? ['calibrate is for probabilities: a number target has an `interval` instead']
      : []),
    ...(interval !== 0.8 && kind !== 'number'
      ? [`interval is for numbers: a ${kind} target has probabilities, see \`calibrate\``]
      : []),
  ];
}

function baselineProblems(name: string, baseline: Baseline, kind: ModelKind): readonly string[] {
  if (typeof baseline === 'function' && !('definition' in baseline)) return [];
  const wrong = notATrainer(`baselines.${name}`, baseline);
  if (wrong !== undefined) return [wrong];
  return trainerProblems({ trainer: baseline as Trainer, search: undefined, kind }).map(
    (problem) => `baselines.${name}: ${problem}`,
  );
}

function outcomeProblems(model: Model): readonly string[] {
  const { outcome } = model.monitor;
  if (!outcome) return [];
  const columns = columnsOf((outcome.from ?? model.rows).table);
  const fields = fieldsOf(model);
  return [
    ...listOf<string>(outcome.on).flatMap((name) => [
      ...missingColumn('monitor.outcome.on', name, columns),
      ...(fields.includes(name)
        ? []
        : [
            `monitor.outcome.on has ${formatValue(name)}, which is not a field of the request (${formatNames(fields)})`,
          ]),
    ]),
    ...(outcome.from ? missingColumn('monitor.outcome.value', outcome.value ?? 'nothing', columns) : []),
  ];
}

/** A model that was trained elsewhere cannot be fitted here. */
function externalProblems({ trainer, split: { test } }: Model): readonly string[] {
  const isWalking = typeof test === 'object' && test.refit !== undefined;
  if (!trainer?.type?.definition.external || !isWalking) return [];
  return ['split.test.refit fits the model again for each period, which external() cannot do: leave it out'];
}
