import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { product, repository } from '../folders.ts';
import { runProgram } from '../processes.ts';

export interface ForecastResult {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly smape: number;
  readonly chosen: string;
  /** Tested values. */
  readonly values: number;
}

/** The metrics of a version, as its run stores them. */
interface Evaluation {
  readonly metrics: Readonly<Record<string, number>>;
  readonly byStep: readonly Readonly<Record<string, number>>[];
  readonly rows: number;
}

export interface OurResult extends ForecastResult {
  readonly evaluation: Evaluation;
}

/** Runs the example on a file, as a user does: it chooses before the last horizon, and forecasts that. */
export async function ours(data: string, horizon: number, state: string): Promise<OurResult> {
  const example = ['--project', join(repository, 'examples', 'smape-forecast'), '--state', state];
  const params = ['--set', `data=${data}`, '--set', `horizon=${horizon}`];
  const command = [process.execPath, product, 'run', '--json', ...params, ...example];
  const started = performance.now();
  // The shell adds a line with the CPU time of all processes that it waited for.
  const { out } = await runProgram('sh', ['-c', '"$@" && times', 'sh', ...command]);
  const seconds = (performance.now() - started) / 1000;
  const [run, times] = split(out);
  const { outcome } = JSON.parse(run) as {
    readonly outcome: { readonly tasks: readonly { readonly task: string; readonly summary: string }[] };
  };
  const chosen = outcome.tasks.find(({ task }) => task === 'sales.backtest')?.summary ?? '';
  const evaluation = await evaluationIn(join(state, 'artifacts'));
  const { metrics, rows } = evaluation;
  const cpuSeconds = cpuOf(times);
  return { seconds, cpuSeconds, smape: metrics['smape'] ?? Number.NaN, chosen, values: rows, evaluation };
}

function split(out: string): readonly [string, string] {
  const end = out.lastIndexOf('}') + 1;
  return [out.slice(0, end), out.slice(end)];
}

/** The second line of `times`: user and system time of the children, as 0m1.50s. */
function cpuOf(times: string): number {
  const [, children = ''] = times.trim().split('\n');
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
}

async function evaluationIn(artifacts: string): Promise<Evaluation> {
  const files = existsSync(artifacts) ? await readdir(artifacts, { recursive: true }) : [];
  const file = files.find((name) => name.endsWith('evaluation.json'));
  if (file === undefined) throw new Error(`No run in ${artifacts} has an evaluation.json`);
  return JSON.parse(await readFile(join(artifacts, file), 'utf8')) as Evaluation;
}
