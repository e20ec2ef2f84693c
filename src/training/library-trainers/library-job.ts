import { z } from 'zod';
import { bytesOf } from '../../kernel/bytes-of.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { formatNames } from '../../kernel/format-names.ts';
import type { Target } from '../../project/models/kind.ts';
import type {
  FitContext,
  ModelFile,
  TrainerOptions,
  TrainingRows,
  TrainingSubsets,
  TrialContext,
} from '../../project/models/trainer.ts';
import { jsonFile, jsonOf, parseModel } from '../model-file.ts';

/** A Python library that fits models in a process of its own. */
export interface Library {
  readonly name: 'xgboost' | 'lightgbm' | 'sklearn';
  /** 'XGBoost', for messages. */
  readonly title: string;
  /** Packages with their versions. Raise the version of the trainer with them. */
  readonly requirements: readonly string[];
  /** The features as the library takes their names, in the same order. */
  readonly namesOf: (features: readonly string[]) => readonly string[];
}

export interface LibraryFit {
  readonly options: TrainerOptions;
  readonly rows: TrainingSubsets;
  readonly context: TrialContext & Partial<Pick<FitContext, 'progress'>>;
  /**
   * False for a trial of a search. A fit learns from the validation rows too, once they have said when to stop, and one that
   * diverges is an error; a trial that diverges returns why.
   */
  readonly refits: boolean;
  /** Stored in the model, if the library can. @default none */
  readonly attributes?: Readonly<Record<string, string>>;
}

const resultSchema = z.object({
  /** How many rounds early stopping kept. */
  rounds: z.int().min(0).exactOptional(),
  /** The library's name of its loss. */
  metric: z.string().exactOptional(),
  /** The loss by round, on each part of the rows, also after the rounds that were kept. */
  curves: z.record(z.string(), z.array(z.number())).default({}),
  /** The loss that was no finite number: the fit has no files. */
  diverged: z.string().exactOptional(),
  packages: z.record(z.string(), z.string()),
});

/** What a fit returned. */
export interface LibraryResult extends z.output<typeof resultSchema> {
  /** @throws PlatformError INTERNAL if the script did not write it */
  file(name: string): Uint8Array;
}

/**
 * Fits in Python, stopping early by the validation rows.
 * @throws PlatformError PROJECT_INVALID with the library's own message about an option; DATA_INVALID for a fit that diverged;
 * CONFIG_INVALID without Python
 */
export async function fitInPython(library: Library, fit: LibraryFit): Promise<LibraryResult> {
  const { rows, context } = fit;
  const { python, progress, log } = context;
  if (!python) throw noPython(library);
  const files = await python.run({
    script: 'fit',
    requirements: library.requirements,
    inputs: [
      jsonFile('job.json', jobOf(library, fit)),
      ...rowFiles('train', rows.train),
      ...rowFiles('validation', rows.validation),
    ],
    log: (line) => {
      const done = progressOf(line);
      if (done) progress?.(done[0], done[1], 'rounds');
      else log?.(line);
    },
  });
  const file = (name: string): Uint8Array => {
    const found = files.find((each) => each.name === name);
    if (found) return found.bytes;
    throw new PlatformError('INTERNAL', {
      field: `files of ${library.title}`,
      value: name,
      remedy: 'The fit did not write it; this is a bug of Modelyard.',
    });
  };
  const result = parseModel(resultSchema, jsonOf(file('result.json')), {
    field: 'result.json',
    remedy: 'This is a bug of Modelyard.',
  });
  if (result.diverged !== undefined && fit.refits)
    throw new PlatformError('DATA_INVALID', {
      field: library.title,
      value: result.diverged,
      remedy: 'The fit diverged: lower the learning rate, or check the target for extreme values.',
    });
  return { ...result, file };
}

function jobOf({ name, title, requirements, namesOf }: Library, fit: LibraryFit): object {
  const { features } = fit.rows.train.matrix;
  const { categories, options } = categoriesOf(fit.options, features, title);
  const partOf = ({ matrix, weight }: TrainingRows): object => ({
    rows: matrix.rows,
    weighted: weight !== undefined,
  });
  return {
    library: name,
    title,
    packages: requirements.map((each) => each.split('==')[0]),
    target: fit.context.target,
    features: namesOf(features),
    categories: categories.map((each) => features.indexOf(each)),
    options,
    attributes: fit.attributes ?? {},
    refits: fit.refits,
    rows: { train: partOf(fit.rows.train), validation: partOf(fit.rows.validation) },
  };
}

const categoryNames = z.array(z.string()).default([]);

/** The option `categories` is ours; all others go to the library. */
function categoriesOf(
  { categories: given, ...options }: TrainerOptions,
  features: readonly string[],
  title: string,
): { readonly categories: readonly string[]; readonly options: TrainerOptions } {
  const names = categoryNames.safeParse(given);
  const unknown = names.data?.find((name) => !features.includes(name));
  if (names.success && unknown === undefined) return { categories: names.data, options };
  throw new PlatformError('PROJECT_INVALID', {
    field: `option categories of ${title}`,
    value: unknown ?? given,
    remedy: `must be a list of features: ${formatNames(features)}`,
  });
}

/** Both sides are little-endian: Node runs on no other machine. */
function rowFiles(part: string, { matrix, target, weight }: TrainingRows): readonly ModelFile[] {
  const features = new Float32Array(matrix.columns.length * matrix.rows);
  for (const [at, column] of matrix.columns.entries()) features.set(column, at * matrix.rows);
  return [
    { name: `${part}.features`, bytes: bytesOf(features) },
    { name: `${part}.target`, bytes: bytesOf(target) },
    ...(weight ? [{ name: `${part}.weight`, bytes: bytesOf(weight) }] : []),
  ];
}

function progressOf(line: string): readonly [done: number, total: number] | undefined {
  if (!line.startsWith('{"progress"')) return undefined;
  return (JSON.parse(line) as { readonly progress: readonly [number, number] }).progress;
}

function noPython({ title }: Library): PlatformError {
  return new PlatformError('CONFIG_INVALID', {
    field: 'trainer',
    value: title,
    remedy: 'It fits in Python, which this process cannot start: train it with modelyard run.',
  });
}

/** A target of classes has outputs for each, others have one. */
export function outputsOf(target: Target): number {
  return target.kind === 'class' ? target.classes.length : 1;
}
