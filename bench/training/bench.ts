import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchContext } from '../context.ts';
import { repository } from '../folders.ts';
import { peerPrograms } from '../peer-python.ts';
import { runProgram } from '../processes.ts';
import { inTurns, medians, type Sides } from '../samples.ts';
import { writeRows } from './rows.ts';
import type { FitResult, FitTask } from './side.ts';

const full = { features: 20, train: 100_000, heldOut: 20_000, trees: 300, rounds: 5 } as const;
const small = { features: 20, train: 10_000, heldOut: 4000, trees: 40, rounds: 1 } as const;

/** One and a half times the peer's time. */
const timeGoal = 1 / 1.5;
/** 0.3 % above the peer's error. */
const errorGoal = 1 / 1.003;

/** Our boosted trees beside XGBoost's histogram method with one thread: time to fit, and error on held-out rows. */
export async function trainingBench({ quick, folder, report }: BenchContext): Promise<void> {
  const { trees, rounds, ...sizes } = quick ? small : full;
  const untrained = await writeRows(folder, sizes);
  const task: FitTask = { ...sizes, folder, trees, depth: 6, learningRate: 0.1 };
  const samples = await inTurns(await sidesOf(task), rounds, (fit) => fit());
  checkWork(samples, { trees, untrained });
  const what = `${sizes.train / 1000}k × ${sizes.features}, ${trees} trees`;
  const each = (figure: (result: FitResult) => number): Sides<number> =>
    medians({ ours: samples.ours.map(figure), peer: samples.peer.map(figure) });
  const seconds = { unit: 's', better: 'less', goal: timeGoal } as const;
  report({ name: `fit ${what}, wall`, ...each((result) => result.seconds), ...seconds });
  report({ name: `fit ${what}, CPU`, ...each((result) => result.cpuSeconds), ...seconds });
  const error = { unit: 'RMSE', better: 'less', goal: errorGoal } as const;
  report({ name: `${sizes.heldOut / 1000}k held-out rows`, ...each((result) => result.rmse), ...error });
}

type Fit = () => Promise<FitResult>;

async function sidesOf(task: FitTask): Promise<Sides<Fit>> {
  const python = join(await peerPrograms(), 'python');
  const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const env = { OMP_NUM_THREADS: '1', OMP_WAIT_POLICY: 'passive' };
  const fit = async (command: string, args: readonly string[]): Promise<FitResult> => {
    const { out } = await runProgram(command, [...args, JSON.stringify(task)], { env, cwd: repository });
    return JSON.parse(out) as FitResult;
  };
  return {
    ours: () => fit(process.execPath, ['--import', 'tsx', here('ours.ts')]),
    peer: () => fit(python, [here('xgboost_fit.py')]),
  };
}

interface Expected extends Pick<FitTask, 'trees'> {
  /** The error of a constant prediction. */
  readonly untrained: number;
}

/** @throws Error if a side built fewer trees, learned little, or learned much less than the other */
function checkWork({ ours, peer }: Sides<readonly FitResult[]>, { trees, untrained }: Expected): void {
  const results = [...ours, ...peer];
  const worst = Math.max(...results.map(({ rmse }) => rmse));
  const best = Math.min(...results.map(({ rmse }) => rmse));
  const isDone = results.every((result) => result.trees === trees);
  if (isDone && worst < untrained / 2 && worst < best * 1.1) return;
  const measured = JSON.stringify({ ours, peer });
  throw new Error(
    `A side did not fit ${trees} trees to the rows, whose deviation is ${untrained}: ${measured}`,
  );
}
