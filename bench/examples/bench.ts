import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelView } from '../../src/api/views.ts';
import type { BenchContext } from '../context.ts';
import { product, repository } from '../folders.ts';
import { runProgram } from '../processes.ts';
import { cases, type ExampleCase } from './cases.ts';
import { dataFolder } from './data.ts';

/** Runs the examples on their real data, and prints the metrics of their models beside the reference figures. */
export async function examplesBench({ folder, report }: BenchContext): Promise<void> {
  const data = dataFolder();
  if (data === undefined)
    throw new Error('The real data of the examples is missing: set MODELYARD_BENCH_DATA to its folder.');
  for (const each of cases) {
    const scratch = join(folder, each.example);
    await mkdir(scratch, { recursive: true });
    const models = await trained(each, data, scratch);
    for (const [name, goals] of Object.entries(each.models))
      for (const { metric, better, goal, reference } of goals)
        report({
          name: `${each.example}, ${name} (reference ${reference})`,
          ours: metricOf(models, name, metric),
          unit: metric,
          better,
          goal,
        });
  }
}

async function trained(
  { example, params }: ExampleCase,
  data: string,
  scratch: string,
): Promise<readonly ModelView[]> {
  const at = ['--project', join(repository, 'examples', example), '--state', join(scratch, 'state')];
  const modelyard = (...args: readonly string[]): ReturnType<typeof runProgram> =>
    runProgram(process.execPath, [product, ...args, ...at]);
  const values = Object.entries(await params(data, scratch));
  await modelyard('run', ...values.flatMap(([name, value]) => ['--set', `${name}=${value}`]));
  return JSON.parse((await modelyard('models', '--json')).out) as readonly ModelView[];
}

/** A held version counts like a promoted one. @throws Error if the model has no version or lacks the metric */
function metricOf(models: readonly ModelView[], name: string, metric: string): number {
  const [version] = models.find((model) => model.name === name)?.versions ?? [];
  const value = version?.metrics.find((each) => each.name === metric)?.value;
  if (typeof value === 'number') return value;
  throw new Error(`${name} has no ${metric}: ${JSON.stringify(version)}`);
}
