import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchContext } from '../context.ts';
import { dataFolder } from '../examples/data.ts';
import { peerPrograms } from '../peer-python.ts';
import { lastLine, runProgram } from '../processes.ts';
import { threadsCase } from './threads.ts';
import { writeAirline, writeM3, type WriteSeries, writeSynthetic } from './data.ts';
import { type ForecastResult, ours, type OurResult } from './ours.ts';

interface SeriesCase {
  readonly name: string;
  readonly write: WriteSeries;
  readonly horizon: number;
  /** The sMAPE to reach. */
  readonly smape?: number;
  /** Of our run, in which the choice is included. */
  readonly seconds?: number;
}

/** The level of the example's intervals. */
const nominal = 0.8;
/** How far from the level the share of values in the intervals may be. */
const coverageGoal = 0.05;
/** One horizon of one series is too few values for a share. */
const enoughValues = 500;

/**
 * The example `smape-forecast` beside statsforecast. Both choose among their models on values before the last horizon, and
 * forecast that: the test decides nothing.
 */
export async function forecastingBench(context: BenchContext): Promise<void> {
  const { quick, folder, report } = context;
  const data = dataFolder();
  if (data === undefined)
    process.stdout.write(
      'M3 and airline skipped: set MODELYARD_BENCH_DATA to the folder of the real data.\n',
    );
  const cases: readonly SeriesCase[] = [
    { name: 'synthetic', write: writeSynthetic(quick ? 20 : 100), horizon: 18 },
    ...(data === undefined
      ? []
      : [
          { name: 'airline', write: writeAirline(data), horizon: 24, smape: 6.7 },
          quick
            ? { name: 'M3 monthly, 100 series', write: writeM3(data, 100), horizon: 18 }
            : { name: 'M3 monthly', write: writeM3(data), horizon: 18, smape: 13.4, seconds: 60 },
        ]),
  ];
  const python = join(await peerPrograms('statsforecast'), 'python');
  const peerScript = fileURLToPath(new URL('peer_forecast.py', import.meta.url));
  for (const [at, each] of cases.entries()) {
    const caseFolder = join(folder, String(at));
    await mkdir(caseFolder, { recursive: true });
    const file = join(caseFolder, 'series.csv');
    const series = await each.write(file);
    const our = await ours(file, each.horizon, join(caseFolder, 'state'));
    const started = performance.now();
    const { out } = await runProgram(python, [peerScript, file, String(each.horizon)]);
    const seconds = (performance.now() - started) / 1000;
    const peer = { ...lastLine<Omit<ForecastResult, 'seconds'>>(out), seconds };
    for (const { values } of [our, peer])
      if (values !== series * each.horizon)
        throw new Error(`${each.name}: ${values} of ${series * each.horizon} values were forecast`);
    process.stdout.write(`${each.name}, ours: ${our.chosen}\n${each.name}, statsforecast: ${peer.chosen}\n`);
    reportCase(each, { our, peer, report });
    if (our.values >= enoughValues) process.stdout.write(coverageTable(our));
  }
  await threadsCase(context);
}

function reportCase(
  { name, smape, seconds }: SeriesCase,
  { our, peer, report }: { our: OurResult; peer: ForecastResult; report: BenchContext['report'] },
): void {
  const less = { better: 'less' } as const;
  const [errors, times] = [
    { ours: our.smape, peer: peer.smape },
    { ours: our.seconds, peer: peer.seconds },
  ];
  report({ name: `${name}, beside statsforecast`, ...errors, unit: 'sMAPE', ...less, goal: 1 });
  if (smape !== undefined) report({ name, ours: our.smape, unit: 'sMAPE', ...less, goal: smape });
  report({ name: `${name}, choice and forecast`, ...times, unit: 's', ...less, goal: 1 });
  const cpu = { ours: our.cpuSeconds, peer: peer.cpuSeconds, unit: 'CPU s' };
  report({ name: `${name}, choice and forecast, CPU`, ...cpu, ...less, goal: 1 });
  if (seconds !== undefined)
    report({ name: `${name}, choice and forecast`, ours: our.seconds, unit: 's', ...less, goal: seconds });
  if (our.values < enoughValues) return;
  const missed = Math.abs((our.evaluation.metrics['intervalCoverage'] ?? Number.NaN) - nominal);
  const coverage = { ours: Math.max(missed, 1e-9), unit: 'of 1', ...less, goal: coverageGoal };
  report({ name: `${name}, distance of the coverage from ${nominal}`, ...coverage });
}

function coverageTable({ evaluation: { byStep, metrics } }: OurResult): string {
  const row = (step: string, of: Readonly<Record<string, number>>): string =>
    `| ${step} | ${nominal} | ${(of['intervalCoverage'] ?? Number.NaN).toFixed(3)} | ${(of['smape'] ?? Number.NaN).toFixed(2)} |`;
  const rows = byStep.map((of, index) => row(String(index + 1), of));
  return `${['| step | nominal | covered | sMAPE |', '|---|---|---|---|', ...rows, row('all', metrics)].join('\n')}\n`;
}
