import type { ModelDraft } from '../draft.ts';
import { camel, slug, variable } from './source-text.ts';

/** What the parts of a made project are called. */
export interface Names {
  /** Of the source. */
  readonly source: string;
  /** Its variable, and the step's input. */
  readonly sourceVariable: string;
  readonly step: string;
  readonly modelVariable: string;
  /** The CSV, from the project's folder. */
  readonly dataPath: string;
}

/** Whatever a module that we write imports or declares; columns and files may be called the same. */
const ours =
  'boostedTrees defineProject lower model source step table csv z out log leftOut complete dated row clean cleaned canTeach asked calendar dateFeatures days daysBetween hours oneOf codeIn toFeatures blend ets forecast rollingOrigin seasonalNaive theta points toPoints toDate dayOf months count promote example'.split(
    ' ',
  );

/** What the parts of a made project are named after. */
interface Named extends Pick<ModelDraft, 'project' | 'csv'> {
  /** The column that is predicted. */
  readonly target: Pick<ModelDraft['target'], 'name'>;
  /** The step, and its name if the project has that one. */
  readonly steps: readonly [string, string];
}

export function namesOf({ project, csv, target, steps }: Named): Names {
  const [, base = csv.file, ending = ''] = isEnding.exec(csv.file) ?? [];
  const file = slug(base, 'data');
  const step = project === steps[0] ? steps[1] : steps[0];
  const source = [file, 'raw', 'lines'].find((name) => name !== project && name !== step) ?? file;
  const sourceVariable = variable(source, ours, 'lines');
  return {
    source,
    sourceVariable,
    step,
    modelVariable: variable(target.name, [...ours, sourceVariable], 'predicted'),
    dataPath: `data/${file}${ending === '' ? '.csv' : ending.toLowerCase()}`,
  };
}

/** The ending stays, because it can name the compression. */
const isEnding = /^(.+?)((?:\.(?:csv|tsv|txt))?(?:\.(?:gz|xz|bz2|zip|zst))?)$/i;

/** For the values of a column: 'towns' of 'Town', 'qualities' of 'quality'. */
export function pluralVariable(column: string, taken: readonly string[]): string {
  const one = camel(column);
  const many = /[^aeiou]y$/.test(one)
    ? `${one.slice(0, -1)}ies`
    : /(?:ss|us|is|x|z|ch|sh)$/.test(one)
      ? `${one}es`
      : one.endsWith('s')
        ? one
        : `${one}s`;
  return freeVariable(many, 'choices', taken);
}

/** A variable of that meaning, with a number behind it if it is taken. @param otherwise if the meaning is no name */
export function freeVariable(meaning: string, otherwise: string, taken: readonly string[]): string {
  const used = [...ours, ...taken];
  const name = variable(meaning, [], otherwise);
  if (!used.includes(name)) return name;
  let number = 2;
  while (used.includes(`${name}${number}`)) number += 1;
  return `${name}${number}`;
}
