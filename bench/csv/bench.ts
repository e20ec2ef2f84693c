import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchContext } from '../context.ts';
import { dataFolder, unzip } from '../examples/data.ts';
import { peerPrograms } from '../peer-python.ts';
import { lastLine, runProgram } from '../processes.ts';
import { type CsvCase, csvCases } from './files.ts';
import { measuredRun, modelyard } from './measured-run.ts';
import { type PeerRows, writePeerRows } from './peer-rows.ts';

/**
 * From CSV files to models: for each file of a folder what `init` decided, our metric beside peers on the same rows, CPU
 * time and memory; then the CPU time of a million rows beside pandas with XGBoost, and the memory of wide tables.
 */
export async function csvBench({ quick, folder, report }: BenchContext): Promise<void> {
  const options = (await modelyard(['init', '--help'], folder)).out;
  for (const file of await csvFiles())
    process.stdout.write(`${await lineOfFile(file, { options, folder: join(folder, file.name) })}\n`);
  await wideTables({ folder, report });
  await manyRows(quick ? 100_000 : 1_000_000, { folder, report });
}

interface CsvFile {
  /** Without its endings. */
  readonly name: string;
  readonly path: string;
}

async function csvFiles(): Promise<readonly CsvFile[]> {
  const data = dataFolder();
  const folder = data === undefined ? '' : existsSync(join(data, 'csv')) ? join(data, 'csv') : data;
  const names = folder === '' ? [] : await readdir(folder);
  const files = names.filter((name) => /\.(csv|tsv)(\.gz)?$/.test(name));
  if (files.length === 0)
    throw new Error(
      'There are no CSV files: set MODELYARD_BENCH_DATA to a folder with .csv, .tsv or .gz files.',
    );
  return files.map((name) => ({ name: name.replace(/\.(csv|tsv)(\.gz)?$/, ''), path: join(folder, name) }));
}

interface Trial {
  /** The help of `init`, which names its options. */
  readonly options: string;
  readonly folder: string;
}

/** 'california: predicts median_house_value (number) | MAE 31.2 (sklearn 31.5, XGBoost 31.4) | …'. Errors are part of it. */
async function lineOfFile(file: CsvFile, { options, folder }: Trial): Promise<string> {
  await mkdir(folder, { recursive: true });
  const csv = join(folder, file.path.split('/').at(-1)?.replace(/\.gz$/, '') ?? file.name);
  await (file.path.endsWith('.gz') ? unzip(file.path, csv) : writeFile(csv, await readFile(file.path)));
  const given = Object.hasOwn(csvCases, file.name) ? csvCases[file.name] : undefined;
  const init = await modelyard(['init', 'p', '--csv', csv, ...flagsOf(given, options)], folder);
  if (init.code !== 0) return `${file.name}: init ended with ${init.code}: ${shown(init.out)}`;
  const project = join(folder, 'p');
  const run = await modelyard(['run', '--project', project], folder);
  const cost = `${run.seconds.toFixed(1)} s, ${(init.cpuSeconds + run.cpuSeconds).toFixed(1)} s CPU, ${Math.max(init.peakMb, run.peakMb).toFixed(0)} MB`;
  const decided = `${file.name}: ${shown(init.out)} | ${shown(await decisions(project))}`;
  if (run.code !== 0)
    return `${decided} | run ended with ${run.code}: ${shown(run.out.slice(-600))} | ${cost}`;
  return `${decided} | ${await beside(project, folder)} | ${cost}`;
}

function flagsOf(given: CsvCase | undefined, options: string): readonly string[] {
  const has = (flag: string): boolean => options.includes(flag);
  return [
    ...(given ? ['--target', given.target] : []),
    ...(given?.kind ? ['--kind', given.kind] : []),
    ...(given?.options ?? []).filter(has),
    ...(has('--yes') ? ['--yes'] : []),
  ];
}

/** Split and metrics as the generated project declares them. */
async function decisions(project: string): Promise<string> {
  const config = await readFile(join(project, 'modelyard.config.ts'), 'utf8');
  const lines = config.split('\n').map((line) => line.trim());
  return lines.filter((line) => /^(target|split|trainer|season|horizon):/.test(line)).join(' ');
}

function shown(text: string): string {
  const [before = text] = text.split(/\n\s*Next:/);
  return before.replaceAll(/\s+/g, ' ').trim().slice(0, 700);
}

async function beside(project: string, folder: string): Promise<string> {
  try {
    const config = await readFile(join(project, 'modelyard.config.ts'), 'utf8');
    const [, target = ''] = /target: '((?:[^'\\]|\\.)*)'/.exec(config) ?? [];
    const rows = await writePeerRows(
      join(project, '.modelyard'),
      JSON.parse(`"${target}"`) as string,
      folder,
    );
    const name = rows.kind === 'number' ? 'mae' : 'logLoss';
    const peers = await peerMetrics(rows);
    const others = Object.entries(peers).map(([peer, value]) => `${peer} ${digits(value)}`);
    return `${rows.kind}, ${rows.features} features, ${rows.trainRows}+${rows.testRows} rows: ${name} ${digits(rows.metrics[name])} (${others.join(', ')})`;
  } catch (error) {
    return `no peer: ${shown(error instanceof Error ? error.message : String(error)).slice(-300)}`;
  }
}

async function peerMetrics(rows: PeerRows): Promise<Readonly<Record<string, number>>> {
  const script = fileURLToPath(new URL('peer_models.py', import.meta.url));
  const env = { OMP_NUM_THREADS: '1', PYTHONWARNINGS: 'ignore' };
  const args = [script, JSON.stringify(rows)];
  const { out } = await runProgram(join(await peerPrograms(), 'python'), args, { env });
  return lastLine(out);
}

function digits(value: number | null | undefined): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(5))) : '–';
}

type Reporting = Pick<BenchContext, 'folder' | 'report'>;

/** CPU seconds from the file to a measured model. */
async function manyRows(count: number, { folder, report }: Reporting): Promise<void> {
  const python = join(await peerPrograms(), 'python');
  const script = fileURLToPath(new URL('million.py', import.meta.url));
  const csv = join(folder, 'rows.csv');
  await runProgram(python, [script, 'make', String(count), csv]);
  const peer = await required([python, script, 'fit', csv], folder);
  process.stdout.write(`pandas and XGBoost: ${shown(peer.out)}, peak ${peer.peakMb.toFixed(0)} MB\n`);
  const init = ['init', 'many', '--csv', csv, '--target', 'price'];
  const help = (await modelyard(['init', '--help'], folder)).out;
  const made = await modelyard([...init, ...flagsOf({ target: 'price' }, help).slice(2)], folder);
  const run = await modelyard(['run', '--project', join(folder, 'many')], folder);
  if (made.code !== 0 || run.code !== 0) throw new Error(`${made.out}\n${run.out}`);
  process.stdout.write(
    `${run.out}\ninit ${made.cpuSeconds.toFixed(1)} s CPU, peak ${run.peakMb.toFixed(0)} MB\n`,
  );
  report({
    name: `${count} rows × 9, CPU time of a run beside pandas with XGBoost`,
    ours: run.cpuSeconds,
    peer: peer.cpuSeconds,
    unit: 's',
    better: 'less',
    goal: 1 / 1.5,
  });
}

async function required(args: readonly string[], cwd: string): ReturnType<typeof measuredRun> {
  const run = await measuredRun(args, cwd);
  if (run.code === 0) return run;
  throw new Error(`${args.join(' ')} ended with ${run.code}:\n${run.out}`);
}

const wide = [
  { columns: 300, rows: 60, mostMb: 300 },
  { columns: 880, rows: 800, mostMb: 500 },
] as const;

/** The largest process of a run over a wide table of small whole numbers. */
async function wideTables({ folder, report }: Reporting): Promise<void> {
  for (const { columns, rows, mostMb } of wide) {
    const at = join(folder, `wide-${columns}`);
    await mkdir(at, { recursive: true });
    const names = Array.from({ length: columns }, (_, column) => `f${column}`);
    const lineOf = (row: number): string => {
      const values = names.map((_, column) => (row * 31 + column * 17 + ((row * column) % 13)) % 7);
      return [...values, (values[3] ?? 0) * 2 + (values[5] ?? 0) + (row % 5) / 10].join(',');
    };
    const lines = Array.from({ length: rows }, (_, row) => lineOf(row));
    await writeFile(join(at, 'wide.csv'), `${[...names, 'target'].join(',')}\n${lines.join('\n')}\n`);
    const help = (await modelyard(['init', '--help'], at)).out;
    const init = await modelyard(
      ['init', 'p', '--csv', 'wide.csv', ...flagsOf({ target: 'target' }, help)],
      at,
    );
    const run = await modelyard(['run', '--project', join(at, 'p')], at);
    if (init.code !== 0 || run.code !== 0) throw new Error(`${init.out}\n${run.out}`);
    report({
      name: `${columns} columns × ${rows} rows, peak memory of the largest process`,
      ours: run.peakMb,
      unit: 'MB',
      better: 'less',
      goal: mostMb,
    });
  }
}
