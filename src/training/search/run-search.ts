import { PlatformError } from '../../kernel/errors.ts';
import { asJson, canonicalJson, type Json } from '../../kernel/json.ts';
import { mapConcurrent } from '../../kernel/map-concurrent.ts';
import { seededRandom } from '../../kernel/random.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { TrainerOptions, TrialResult } from '../../project/models/trainer.ts';
import { type Observed, proposeByDensity } from './tpe.ts';
import { checkBudget, type SearchPlan, type SearchSpace } from './trials.ts';

/** A trial to run. */
export interface TrialRequest {
  readonly index: number;
  readonly options: TrainerOptions;
  /** The share of the training rows to fit. */
  readonly rowShare: number;
}

export interface FinishedTrial extends TrialRequest {
  readonly params: Readonly<Record<string, Json>>;
  readonly metrics: Readonly<Record<string, number>>;
  /** NaN if it could not be measured. */
  readonly loss: number;
  readonly heldOut?: readonly Prediction[];
}

export interface SearchRun {
  readonly plan: SearchPlan;
  /** Of the trainer. */
  readonly defaults: TrainerOptions;
  readonly space: SearchSpace;
  readonly trainingRows: number;
  readonly tryOptions: (request: TrialRequest) => Promise<TrialResult>;
  /** Trials that an earlier attempt finished, and where to add more. */
  readonly journal: { read(): Promise<readonly Json[]>; append(value: Json): Promise<void> };
  readonly onTrial: (trial: FinishedTrial) => void;
  readonly now: () => number;
}

/** The fewest trials that 'tpe' draws at random first. */
const warmUp = 8;
/** Of each round of 'halving', one in three goes to the next, on three times the rows. */
const halvingFactor = 3;
const fewestRows = 200;

/**
 * Runs the trials of a search. The same plan gives the same trials, however many run at a time and however often it was
 * killed, unless it ends after some minutes.
 * @returns the trials on all training rows
 */
export async function runSearch(run: SearchRun): Promise<readonly FinishedTrial[]> {
  checkBudget(run.plan);
  const session = await openSession(run);
  return run.plan.method === 'halving' ? halve(run, session) : runInTurn(run, session);
}

interface Session {
  readonly runTrial: (request: TrialRequest) => Promise<FinishedTrial>;
  /** Milliseconds of this attempt and those before it. */
  readonly elapsed: () => number;
}

interface SavedTrial {
  readonly request: string;
  readonly result: TrialResult;
  readonly elapsed: number;
}

async function openSession({ plan, journal, now, tryOptions, onTrial }: SearchRun): Promise<Session> {
  const saved = new Map<string, SavedTrial>();
  for (const line of await journal.read()) {
    // Lines are what `runTrial` appended, as JSON: no interface is a subtype of it.
    const trial = line as unknown as SavedTrial;
    saved.set(trial.request, trial);
  }
  const before = [...saved.values()].reduce((most, trial) => Math.max(most, trial.elapsed), 0);
  const started = now();
  const elapsed = (): number => before + now() - started;
  return {
    elapsed,
    async runTrial(request) {
      const key = canonicalJson(request);
      let result = saved.get(key)?.result;
      if (!result) {
        const { heldOut, ...rest } = await tryOptions(request);
        if (plan.ensemble !== undefined && !heldOut) throw withoutHeldOut(plan.ensemble);
        result = { ...rest, ...(plan.ensemble !== undefined && heldOut && { heldOut }) };
        await journal.append(asJson({ request: key, result, elapsed: elapsed() }));
      }
      const trial = finished(request, result);
      onTrial(trial);
      return trial;
    },
  };
}

function finished(
  request: TrialRequest,
  { metrics, loss, fittedParams, heldOut }: TrialResult,
): FinishedTrial {
  return {
    ...request,
    params: {
      ...request.options,
      ...fittedParams,
      ...(request.rowShare < 1 && { rowShareOfTrial: request.rowShare }),
    },
    metrics,
    // JSON has null for NaN.
    loss: typeof loss === 'number' ? loss : Number.NaN,
    ...(heldOut && { heldOut }),
  };
}

/** A trial is chosen by those that are at least `parallel` before it, so that the order in which they end does not matter. */
async function runInTurn(run: SearchRun, { runTrial, elapsed }: Session): Promise<readonly FinishedTrial[]> {
  const { plan, space } = run;
  const { trials = Number.POSITIVE_INFINITY, minutes = Number.POSITIVE_INFINITY, parallel = 1 } = plan;
  const draw = drawsOf(run);
  const started: Promise<FinishedTrial>[] = [];
  try {
    for (let index = 0; index < trials; index++) {
      const seen = await Promise.all(started.slice(0, Math.max(0, index + 1 - parallel)));
      if (index > 0 && elapsed() >= minutes * 60_000) break;
      const options = index === 0 ? run.defaults : space.optionsAt(positionsFor(run, seen, draw()));
      const trial = runTrial({ index, options, rowShare: 1 });
      trial.catch(() => undefined);
      started.push(trial);
    }
  } finally {
    await Promise.allSettled(started);
  }
  return Promise.all(started);
}

/** The stream of random positions: one for each trial after the first, which has the trainer's own options. */
function drawsOf({ plan, space }: SearchRun): () => readonly number[] {
  const random = seededRandom(plan.seed ?? 0);
  return () => space.names.map(() => random());
}

function positionsFor(
  { plan, space }: SearchRun,
  seen: readonly FinishedTrial[],
  random: readonly number[],
): readonly number[] {
  if (plan.method !== 'tpe' || seen.length < warmUp) return random;
  const observed = seen.map(({ options, loss }): Observed => ({
    positions: space.positionsOf(options),
    loss,
  }));
  const seed = (plan.seed ?? 0) + 7919 * seen.length + Math.floor((random[0] ?? 0) * 2 ** 30);
  return proposeByDensity(observed, space.names.length, seededRandom(seed));
}

/** The trainer's own options stay to the end, so that something is always measured against them. */
async function halve(run: SearchRun, { runTrial }: Session): Promise<readonly FinishedTrial[]> {
  const { plan, defaults, space } = run;
  const draw = drawsOf(run);
  const count = plan.trials ?? 1;
  let remaining = Array.from({ length: count }, (_, index): TrainerOptions =>
    index === 0 ? defaults : space.optionsAt(draw()),
  );
  let index = 0;
  for (const rowShare of roundsOf(count, run.trainingRows)) {
    const requests = remaining.map((options): TrialRequest => ({ index: index++, options, rowShare }));
    const trials = await mapConcurrent(requests, plan.parallel ?? 1, runTrial);
    if (rowShare === 1) return trials;
    const kept = trials
      .toSorted((a, b) => (Number.isNaN(a.loss) ? 1 : Number.isNaN(b.loss) ? -1 : a.loss - b.loss))
      .slice(0, Math.ceil(trials.length / halvingFactor))
      .map(({ options }) => options);
    remaining = kept.includes(defaults) ? kept : [defaults, ...kept];
  }
  return [];
}

/** Shares of the rows, up to 1: as many rounds as there are trials for, with enough rows in the first. */
function roundsOf(trials: number, rows: number): readonly number[] {
  const shares = [1];
  for (let left = trials; ; left /= halvingFactor) {
    const share = (shares[0] as number) / halvingFactor;
    if (left / halvingFactor < 1 || share * rows < fewestRows) return shares;
    shares.unshift(share);
  }
}

function withoutHeldOut(ensemble: number): PlatformError {
  const remedy = 'needs a trainer whose trials return `heldOut`, their predictions of the validation rows';
  return new PlatformError('PROJECT_INVALID', { field: 'search ensemble', value: ensemble, remedy });
}
