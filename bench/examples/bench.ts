import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelView } from '../../src/api/views.ts';
import type { BenchContext } from '../context.ts';
import { product, repository } from '../folders.ts';
import { peerPrograms } from '../peer-python.ts';
import { runProgram } from '../processes.ts';
import { cases, type ExampleCase, type PeerModel } from './cases.ts';
import { dataFolder } from './data.ts';
import { errorOverTime } from './error-over-time.ts';
import { type PeerRows, writePeerRows } from './peer-rows.ts';

/** Refits of one peer with other seeds differ by less. */
const peerGoal = 0.995;

/**
 * Runs the examples on their real data, and prints the metrics of their models beside the reference figures, and beside peers
 * that are fitted to the same rows and features and scored on the same test rows.
 */
export async function examplesBench({ folder, report }: BenchContext): Promise<void> {
  const data = dataFolder();
  if (data === undefined)
    throw new Error('The real data of the examples is missing: set MODELYARD_BENCH_DATA to its folder.');
  for (const each of cases) {
    const scratch = join(folder, each.example);
    await mkdir(scratch, { recursive: true });
    const state = join(scratch, 'state');
    const models = await trained(each, { data, scratch, state });
    for (const [model, { goals, peer, overTime }] of Object.entries(each.models)) {
      const name = `${each.example}, ${model}`;
      for (const { metric, better, goal, reference } of goals) {
        const ours = metricOf(models, model, metric);
        report({ name: `${name} (reference ${reference})`, ours, unit: metric, better, goal });
      }
      if (overTime) process.stdout.write(`${await errorOverTime(model, overTime, state)}\n`);
      if (!peer) continue;
      const rows = await writePeerRows({ ...peer, model }, state, scratch);
      for (const [library, metrics] of Object.entries(await peerMetrics({ ...peer, ...rows })))
        for (const { metric, better } of goals) {
          const both = { ours: metricOf(models, model, metric), peer: metrics[metric] ?? Number.NaN };
          report({
            name: `${name}, same rows beside ${library}`,
            ...both,
            unit: metric,
            better,
            goal: peerGoal,
          });
        }
    }
  }
}

type Metrics = Readonly<Record<string, number>>;

async function peerMetrics(
  task: Pick<PeerModel, 'kind' | 'where'> & PeerRows,
): Promise<Readonly<Record<string, Metrics>>> {
  const script = fileURLToPath(new URL('peer_models.py', import.meta.url));
  const env = { OMP_NUM_THREADS: '1', OMP_WAIT_POLICY: 'passive' };
  const { out } = await runProgram(join(await peerPrograms(), 'python'), [script, JSON.stringify(task)], {
    env,
  });
  return JSON.parse(out) as Readonly<Record<string, Metrics>>;
}

interface Folders {
  readonly data: string;
  readonly scratch: string;
  readonly state: string;
}

async function trained(
  { example, params }: ExampleCase,
  { data, scratch, state }: Folders,
): Promise<readonly ModelView[]> {
  const at = ['--project', join(repository, 'examples', example), '--state', state];
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
