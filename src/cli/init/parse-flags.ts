import { PlatformError } from '../../kernel/errors.ts';
import { dateForm, dateForms, type DateFormName } from '../../sources/csv/date-forms.ts';
import { type TargetKind, targetKinds } from './choose/kind.ts';
import type { Wish } from './draft.ts';

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
