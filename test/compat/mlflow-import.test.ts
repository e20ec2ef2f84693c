import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { modelyard, startModelyard, temporaryFolder } from '../e2e/product.ts';
import { runScript, whyWithoutPython, withoutPython } from './mlflow-client.ts';
import { startOutside } from './mlflow-outside.ts';

interface Comparison {
  readonly missing: readonly string[];
  readonly surplus: readonly string[];
  readonly differences: readonly unknown[];
  readonly runs: number;
  readonly points: number;
  readonly files: number;
  readonly predicted: number;
}

interface Report {
  readonly isResumed: boolean;
  readonly imported: Readonly<Record<string, { readonly new: number; readonly updated: number }>>;
  readonly differences: readonly { readonly what: string; readonly id: string; readonly reason: string }[];
}

const python = process.env['MODELYARD_COMPAT_PYTHON'] ?? '';
/** MLflow's file store needs this setting for writes. */
const fileStore = { MLFLOW_ALLOW_FILE_STORE: 'true' };
const script = './mlflow_import.py';
/** The small runs of a source. */
const runs = 40;
const allRuns = runs + 8;

test.skipIf(withoutPython)(
  `MLflow's client reads everything that we imported from its server, by its API and by its SQLite file${whyWithoutPython}`,
  async () => {
    await using outside = await startOutside(python);
    await runScript(script, { url: outside.url, input: { do: 'fill', runs, prompts: true } });
    const compared = { do: 'compare', theirs: outside.url, prompts: true };
    const byServer = await importFrom([outside.url], compared);
    expect(byServer.comparison).toMatchObject(same);
    expect(byServer.report.differences).toEqual([]);
    expect(byServer.report.imported).toMatchObject(imported);
    const file = join(outside.folder, 'outside.db');
    const artifacts = ['--artifacts-from', join(outside.folder, 'artifacts')];
    const byFile = await importFrom([file, ...artifacts], compared);
    expect(byFile.comparison).toMatchObject(same);
    expect(byFile.report.differences).toEqual([]);
    expect(byFile.report.imported).toEqual(byServer.report.imported);
  },
);

test.skipIf(withoutPython)(
  `MLflow's client reads everything that we imported from its file store${whyWithoutPython}`,
  async () => {
    await using folder = await temporaryFolder();
    const mlruns = join(folder.path, 'mlruns');
    await mkdir(mlruns);
    const theirs = `file://${mlruns}`;
    await runScript(script, { url: theirs, input: { do: 'fill', runs }, env: fileStore });
    const { comparison, report } = await importFrom([mlruns], { do: 'compare', theirs });
    expect(comparison).toMatchObject(same);
    expect(report.differences.map(({ what }) => what)).toEqual(
      Array.from({ length: 3 }, () => 'experiment id'),
    );
  },
);

test.skipIf(withoutPython)(
  `an import that is killed repeatedly imports everything once${whyWithoutPython}`,
  async () => {
    await using outside = await startOutside(python);
    await runScript(script, { url: outside.url, input: { do: 'fill', runs, prompts: true } });
    await using folder = await temporaryFolder();
    const state = join(folder.path, 'state');
    const args = ['import', 'mlflow', outside.url, '--state', state, '--json'];
    let killed = 0;
    for (const after of [0, 20, 50, 100, 200, 350, 500]) {
      const started = startModelyard(args);
      await started.line(/^experiment /);
      await pause(after);
      started.kill('SIGKILL');
      if ((await started.finished).code === null) killed += 1;
    }
    expect(killed).toBeGreaterThan(2);
    const report = reportIn((await modelyard(args)).out);
    const comparison = await comparedWith(state, { do: 'compare', theirs: outside.url, prompts: true });
    expect(comparison).toMatchObject(same);
    expect(report.differences).toEqual([]);
    const counted = Object.values(report.imported['run'] ?? {}).reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(allRuns);
  },
);

const same = {
  missing: [],
  surplus: [],
  differences: [],
  runs: allRuns,
  points: 10_500,
  predicted: expect.closeTo(10) as number,
};

const imported = {
  experiment: { new: 3, updated: 1 },
  run: { new: allRuns, updated: 0 },
  'logged model': { new: 2, updated: 0 },
  'registered model': { new: 3, updated: 0 },
  'model version': { new: 5, updated: 0 },
};

/** Imports into a new state, and compares it with the source. */
async function importFrom(
  source: readonly string[],
  input: unknown,
): Promise<{ readonly report: Report; readonly comparison: Comparison }> {
  await using folder = await temporaryFolder();
  const state = join(folder.path, 'state');
  const { code, out, err } = await modelyard(['import', 'mlflow', ...source, '--state', state, '--json']);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return { report: reportIn(out), comparison: await comparedWith(state, input) };
}

async function comparedWith(state: string, input: unknown): Promise<Comparison> {
  const server = startModelyard(['server', '--state', state, '--port', '0']);
  try {
    const { url } = JSON.parse(await server.line(/"msg":"listening"/)) as { readonly url: string };
    return await runScript<Comparison>(script, { url, input, env: fileStore });
  } finally {
    server.kill('SIGKILL');
    await server.finished;
  }
}

function reportIn(out: string): Report {
  return JSON.parse(out) as Report;
}
