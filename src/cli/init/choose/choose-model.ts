import { PlatformError } from '../../../kernel/errors.ts';
import { formatNames } from '../../../kernel/format-names.ts';
import type { Kind } from '../../../project/models/kind.ts';
import type { InferredColumn } from '../column.ts';
import type { InferredTable } from '../infer.ts';
import type { CsvFile } from '../read-csv.ts';
import { columnNamed } from './column-named.ts';
import { chooseKind, type TargetKind } from './kind.ts';
import { findLeaks, type Leak } from './leaks.ts';
import type { Candidate, Question } from './question.ts';
import { type ColumnRole, rolesOf } from './roles.ts';
import { rowIdOf } from './row-id.ts';
import { sampleOf } from './sample.ts';
import { chooseSplit, type SplitChoice, type SplitWish } from './split.ts';
import { chooseTarget } from './target.ts';

/** What a caller says of a model's columns. */
export interface ModelWish extends SplitWish {
  readonly target?: string | undefined;
  readonly targetKind?: TargetKind | undefined;
  /** Columns that are no features. */
  readonly without?: readonly string[] | undefined;
  /** Columns that are features although they would be left out. */
  readonly with?: readonly string[] | undefined;
}

/** What the columns of a model are for. */
export interface ModelChoice {
  readonly target: InferredColumn;
  /** Columns that could have been meant instead, the likeliest first; undefined where the caller named the target. */
  readonly others?: readonly Candidate[] | undefined;
  /** Of the target. */
  readonly kind: Kind;
  /** The kind that the target could have as well, where its values do not say. */
  readonly otherKind?: TargetKind | undefined;
  readonly split: SplitChoice;
  /** What a caller is asked for and the model sees. */
  readonly features: readonly InferredColumn[];
  readonly roles: readonly ColumnRole[];
  readonly leaks: readonly Leak[];
  /** The column that identifies a row, where rows are drawn one by one. */
  readonly rowId?: InferredColumn | undefined;
}

/** What was decided, or what a person must decide first. */
export type Decision =
  | { readonly choice: ModelChoice; readonly questions?: undefined }
  | { readonly choice?: undefined; readonly questions: readonly Question[] };

/** @throws PlatformError DATA_INVALID for data that no model can learn from, CONFIG_INVALID for a column that cannot be what it is named for */
export function chooseModel(
  { table, csv }: { readonly table: InferredTable; readonly csv: CsvFile },
  wish: ModelWish,
): Decision {
  const { file } = csv;
  const chosenTarget = chooseTarget(table, file, wish.target);
  if (chosenTarget.question) return { questions: [chosenTarget.question] };
  const { target, others } = chosenTarget;
  const chosenKind = chooseKind(target, wish.targetKind);
  const named = (option: 'without' | 'with'): readonly InferredColumn[] =>
    namesIn(wish[option] ?? [], table).map((name) =>
      columnNamed(name, table.columns, { file, option: `--${option}` }),
    );
  const [without, kept] = [named('without'), named('with')];
  const split = chooseSplit({ table, target, file }, wish);
  checkNamed({ without, kept, target, group: split.group });
  const chosen = { target, split, without, kept };
  const found = rolesOf(table, chosen);
  const features = featuresOf(found);
  const ofDates = datesQuestion([...features, ...(split.by ? [split.by] : [])], file);
  const questions = [chosenKind.question, ofDates].filter((each) => each !== undefined);
  if (questions.length > 0 || chosenKind.question) return { questions };
  const { kind, otherKind } = chosenKind;
  if (features.length === 0) throw noFeatures(found, target, file);
  const rowId = rowIdOf({ table, csv }, chosen);
  const leaks = findLeaks({ target, kind, features }, sampleOf(csv));
  const roles = rolesOf(table, { ...chosen, leaks });
  // Where nothing else is left, such as a length in another unit, what explains the target is what predicts it.
  const left = featuresOf(roles).length === 0 ? found : roles;
  return {
    choice: { target, others, kind, otherKind, split, features: featuresOf(left), roles: left, leaks, rowId },
  };
}

function featuresOf(roles: readonly ColumnRole[]): readonly InferredColumn[] {
  return roles.filter(({ isFeature }) => isFeature).map(({ column }) => column);
}

/** The names of a list with commas, where no column has the whole text as its name. */
export function namesIn(
  texts: readonly string[],
  { columns }: Pick<InferredTable, 'columns'>,
): readonly string[] {
  const names = new Set(columns.map(({ name }) => name));
  return texts.flatMap((text) => (names.has(text) ? [text] : text.split(',').map((name) => name.trim())));
}

/** Of the first column whose dates can be read in two ways. */
export function datesQuestion(columns: readonly InferredColumn[], file: string): Question | undefined {
  const column = columns.find(({ dates }) => (dates?.forms.length ?? 0) > 1);
  if (!column) return undefined;
  const [example = ''] = column.examples;
  const forms = column.dates?.forms ?? [];
  return {
    about: 'dates',
    flag: `--dates "${column.name}=…"`,
    text: `How are the dates of "${column.name}" written, such as ${example}?`,
    reason: `the dates of "${column.name}" in ${file}, such as ${example}, can be read in two ways`,
    candidates: forms.map((form) => ({
      value: `${column.name}=${form.name}`,
      hint: `${example} is ${form.day(example) ?? ''}`,
    })),
  };
}

interface NamedColumns {
  readonly without: readonly InferredColumn[];
  readonly kept: readonly InferredColumn[];
  readonly target: InferredColumn;
  readonly group: InferredColumn | undefined;
}

/** @throws PlatformError CONFIG_INVALID for a column of `--without` or `--with` that cannot be named there */
function checkNamed({ without, kept, target, group }: NamedColumns): void {
  const refused = (option: string, { name }: InferredColumn, remedy: string): PlatformError =>
    new PlatformError('CONFIG_INVALID', { field: option, value: name, remedy });
  if (without.includes(target)) throw refused('--without', target, 'must be other columns than the target');
  for (const column of kept) {
    if (column === target) throw refused('--with', column, 'must be other columns than the target');
    if (column === group) throw refused('--with', column, 'must be other columns than the group');
    if (without.includes(column)) throw refused('--with', column, 'must not be in --without too');
    if (column.distinct === 1 && !column.nullable)
      throw refused('--with', column, 'must vary: every line has the same value');
  }
}

function noFeatures(roles: readonly ColumnRole[], target: InferredColumn, file: string): PlatformError {
  const reasons = roles
    .filter(({ reason }) => reason !== undefined)
    .map(({ column, reason }) => `${column.name}: ${reason}`);
  return new PlatformError('DATA_INVALID', {
    field: `columns of ${file}`,
    value: roles.map(({ column }) => column.name),
    remedy: `Give a column that "${target.name}" can be predicted from${reasons.length > 0 ? `; not used are ${formatNames(reasons)}` : ''}.`,
  });
}
