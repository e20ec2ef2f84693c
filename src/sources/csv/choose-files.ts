import type { RawFile } from '../../project/tables/source.ts';
import { invalidCsv } from './records.ts';

/** The CSV files among those of a source, by their names. @throws PlatformError DATA_INVALID if there are none */
export function chooseFiles<File extends Pick<RawFile, 'name'>>(files: readonly File[]): readonly File[] {
  const visible = files.filter(({ name }) => !/(^|\/)(\.|__MACOSX\/)/.test(name));
  const named = visible.filter(({ name }) => /\.(csv|tsv|txt)$/i.test(name));
  const unnamed = visible.filter(({ name }) => !/\.\w+$/.test(name));
  const chosen = visible.length === 1 ? visible : named.length > 0 ? named : unnamed;
  if (chosen.length > 0) return chosen;
  throw invalidCsv(
    'files of the source',
    files.slice(0, 3).map(({ name }) => name),
    'No CSV file found: name a file, or a folder with files that end in .csv, .tsv or .txt.',
  );
}
