import { appendFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Bench } from './context.ts';
import { csvBench } from './csv/bench.ts';
import { examplesBench } from './examples/bench.ts';
import { featuresBench } from './features/bench.ts';
import { temporaryFolder } from './folders.ts';
import { forecastingBench } from './forecasting/bench.ts';
import { judged, lineOf } from './measured.ts';
import { trackingBench } from './tracking/bench.ts';
import { trainingBench } from './training/bench.ts';

const benches: Readonly<Record<string, Bench>> = {
  training: trainingBench,
  tracking: trackingBench,
  csv: csvBench,
  examples: examplesBench,
  features: featuresBench,
  forecasting: forecastingBench,
};

/** `<name> [--quick] [--json FILE]`: prints one line per case. A missed goal is not a failure. @returns the exit code */
export async function bench(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
  });
  const [name = ''] = positionals;
  const run = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (!run || positionals.length > 1) {
    process.stderr.write(`Name one bench of ${Object.keys(benches).join(', ')}.\n`);
    return 2;
  }
  const { quick, json } = values;
  if (json !== undefined) writeFileSync(json, '');
  await using folder = await temporaryFolder();
  await run({
    quick,
    folder: folder.path,
    report(measured) {
      const record = judged(name, measured);
      process.stdout.write(`${lineOf(record, measured.better)}\n`);
      if (json !== undefined) appendFileSync(json, `${JSON.stringify(record)}\n`);
    },
  });
  return 0;
}
