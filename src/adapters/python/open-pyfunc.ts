import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { float64In } from '../../kernel/bytes-of.ts';
import { closingOnError } from '../../kernel/closers.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { PyfuncModel, PyfuncOutput, PyfuncProcess } from '../../project/python.ts';
import type { Matrix } from '../../project/models/trainer.ts';
import { columnsByName } from '../../training/columns-by-name.ts';
import { type EnvironmentDeps, pythonWith } from './environments.ts';
import type { Frame } from './frames.ts';
import { parseRequirements } from './requirements.ts';
import { writeFiles } from './run-job.ts';
import { startRunner } from './runner-process.ts';
import { supervise, type Supervised } from './supervise.ts';

const timeouts = { load: 180_000, predict: 60_000 };
const queue = { waiting: 64, milliseconds: 60_000 };

const loadedModel = z.object({ flavor: z.string(), features: z.array(z.string()) });
const predicted = z.object({
  kind: z.enum(['values', 'probabilities', 'yes', 'labels']),
  names: z.array(z.string()),
});

/** Opens an MLflow model in a process of its own, with the packages that its requirements.txt names. */
export async function openPyfunc(model: PyfuncModel, deps: EnvironmentDeps): Promise<PyfuncProcess> {
  const opened = await openModel(model, { as: 'predictions', loaded: loadedModel }, deps);
  const { flavor, features } = opened.loaded;
  return {
    flavor,
    features,
    async predict(rows, as) {
      const header = { features, rows: rows.rows, as };
      return outputOf(await opened.request(header, bytesOf(rows, features)), rows.rows);
    },
    [Symbol.asyncDispose]: () => opened.close(),
  };
}

export interface OpenModelOptions<Loaded> {
  /** What it is asked for: predictions of rows, or forecasts of series. */
  readonly as: 'predictions' | 'forecasts';
  /** What the process says of the model. */
  readonly loaded: z.ZodType<Loaded>;
}

/** A model in a process of its own. */
export interface OpenModel<Loaded> extends Pick<Supervised, 'request'> {
  readonly loaded: Loaded;
  close(): Promise<void>;
}

/**
 * Copies a model's files into a temporary folder, installs the packages of its requirements.txt, and loads it in a process
 * of its own. `close` ends the process and removes the folder.
 * @throws PlatformError MODEL_UNSUPPORTED, MODEL_TIMED_OUT; STEP_FAILED if its packages do not install; CONFIG_INVALID without
 * Python
 */
export async function openModel<Loaded>(
  { files, read, log, signal }: PyfuncModel,
  { as, loaded }: OpenModelOptions<Loaded>,
  deps: EnvironmentDeps,
): Promise<OpenModel<Loaded>> {
  const requirements = await requirementsOf({ files, read });
  return closingOnError(async (closers) => {
    const folder = await mkdtemp(join(tmpdir(), 'modelyard-model-'));
    closers.defer(() => rm(folder, { recursive: true, force: true }));
    for (const name of files) await writeFiles(folder, [{ name, bytes: await read(name) }]);
    const python = await pythonWith(requirements, deps, { log, signal });
    const start = { python, env: deps.env, scripts: deps.scripts, model: folder, as, timeouts, queue };
    const supervised = closers.add(await supervise({ start: () => startRunner(start) }));
    return {
      loaded: loaded.parse(supervised.loaded),
      request: (header, body) => supervised.request(header, body),
      close: async () => closers[Symbol.asyncDispose](),
    };
  });
}

async function requirementsOf({ files, read }: PyfuncModel): Promise<readonly string[]> {
  const name = 'requirements.txt';
  if (!files.includes(name))
    throw new PlatformError('MODEL_UNSUPPORTED', {
      field: 'model folder',
      value: name,
      remedy: 'The folder does not name the packages that the model needs: log it with an MLflow client.',
    });
  return parseRequirements(new TextDecoder().decode(await read(name)).split(/\r?\n/), 'MODEL_UNSUPPORTED');
}

function bytesOf(matrix: Matrix, features: readonly string[]): Uint8Array {
  const columns = columnsByName(matrix, features);
  const values = new Float32Array(matrix.rows * features.length);
  for (const [index, column] of columns.entries())
    values.set(column.subarray(0, matrix.rows), index * matrix.rows);
  return new Uint8Array(values.buffer);
}

function outputOf({ header, body }: Frame, rows: number): PyfuncOutput {
  const { kind, names } = predicted.parse(header);
  const values = float64In(body);
  return { kind, names, columns: names.map((_, index) => values.slice(index * rows, (index + 1) * rows)) };
}
