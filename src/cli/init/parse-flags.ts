import { PlatformError } from '../../kernel/errors.ts';
import { dateForm, dateForms, type DateFormName } from '../../sources/csv/date-forms.ts';
import { type TargetKind, targetKinds } from './choose/kind.ts';
import type { Wish } from './draft.ts';
import { type StatedType, statedTypes } from './stated-type.ts';

const projectKinds = ['model', 'forecast'] as const;

/** `--kind`: of the target, or of the project. Series that are named make a forecast. */
export function parseKind(text: string | undefined, hasSeries: boolean): Pick<Wish, 'kind' | 'targetKind'> {
  const kind = projectKinds.find((each) => each === text);
  const names = Object.keys(targetKinds) as TargetKind[];
  const targetKind = names.find((each) => each === text);
  const bad = (value: string, remedy: string): PlatformError =>
    new PlatformError('CONFIG_INVALID', { field: '--kind', value, remedy });
  if (text !== undefined && !kind && !targetKind)
    throw bad(text, `must be ${[...names, ...projectKinds].join(', ').replace(/, (?=[^,]*$)/, ' or ')}`);
  if (text !== undefined && kind !== 'forecast' && hasSeries)
    throw bad(text, 'must be forecast with --series: leave one of the two out');
  if (targetKind) return { kind: 'model', targetKind };
  return { kind: kind ?? (hasSeries ? 'forecast' : undefined) };
}

/** `--dates sold=D/M/Y`, by column. @throws PlatformError CONFIG_INVALID for an unknown form */
export function parseDates(texts: readonly string[]): ReadonlyMap<string, DateFormName> {
  return new Map(
    texts.map((text) => {
      const at = text.lastIndexOf('=');
      const form = dateForm(text.slice(at + 1));
      if (at > 0 && form) return [text.slice(0, at), form.name];
      throw new PlatformError('CONFIG_INVALID', {
        field: '--dates',
        value: text,
        remedy: `must be a column, = and a form such as sold=D/M/Y; the forms are ${dateForms.map(({ name }) => name).join(', ')}`,
      });
    }),
  );
}

/** `--type rooms=text`, by column. @throws PlatformError CONFIG_INVALID for an unknown type */
export function parseTypes(texts: readonly string[]): ReadonlyMap<string, StatedType> {
  return new Map(
    texts.map((text) => {
      const at = text.lastIndexOf('=');
      const type = statedTypes.find((each) => each === text.slice(at + 1));
      if (at > 0 && type) return [text.slice(0, at), type];
      throw new PlatformError('CONFIG_INVALID', {
        field: '--type',
        value: text,
        remedy: `must be a column, = and ${statedTypes.join(', ').replace(/, (?=[^,]*$)/, ' or ')}, such as rooms=text`,
      });
    }),
  );
}

/** `--max-bad-rows 0.1`. @throws PlatformError CONFIG_INVALID for what is no share */
export function parseMaxBadRows(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const share = text.trim() === '' ? NaN : Number(text);
  if (share >= 0 && share <= 1) return share;
  throw new PlatformError('CONFIG_INVALID', {
    field: '--max-bad-rows',
    value: text,
    remedy: 'must be a share of the lines from 0 to 1, such as 0.1',
  });
}

interface ModelFlags {
  readonly without?: readonly string[] | undefined;
  readonly with?: readonly string[] | undefined;
  readonly group?: string | undefined;
}

/** Refuses flags of a model where a forecast is asked for. @throws PlatformError CONFIG_INVALID */
export function checkForecastFlags(kind: Wish['kind'], flags: ModelFlags): void {
  for (const name of ['without', 'with', 'group'] as const)
    if (kind === 'forecast' && flags[name] !== undefined)
      throw new PlatformError('CONFIG_INVALID', {
        field: `--${name}`,
        value: flags[name],
        remedy: 'must be left out for a forecast, which has no features: it is for --kind model',
      });
}

interface FileFlags {
  readonly csv?: string | undefined;
  readonly missing?: readonly string[] | undefined;
  readonly type?: readonly string[] | undefined;
  readonly maxBadRows?: string | undefined;
  /** False for `--no-header`. */
  readonly header?: boolean | undefined;
  readonly withHeader?: boolean | undefined;
}

/** `--no-header` and `--with-header`. @throws PlatformError CONFIG_INVALID for flags that contradict each other or have no file */
export function parseHeader({ csv, header, withHeader, ...cells }: FileFlags): boolean | undefined {
  const none = header === false;
  if (none && withHeader)
    throw new PlatformError('CONFIG_INVALID', {
      field: '--no-header',
      value: '--with-header',
      remedy: 'must be given alone: the first line has the names of the columns, or data',
    });
  const given = none ? '--no-header' : withHeader ? '--with-header' : cellFlag(cells);
  if (csv === undefined && given !== undefined)
    throw new PlatformError('CONFIG_INVALID', {
      field: given,
      value: cells.missing ?? cells.type ?? cells.maxBadRows,
      remedy: 'must be left out without a file: it says how the file of --csv is written',
    });
  return none ? false : withHeader ? true : undefined;
}

function cellFlag({
  missing,
  type,
  maxBadRows,
}: Pick<FileFlags, 'missing' | 'type' | 'maxBadRows'>): string | undefined {
  if (missing) return '--missing';
  if (type) return '--type';
  return maxBadRows === undefined ? undefined : '--max-bad-rows';
}
