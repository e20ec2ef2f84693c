import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JobView } from '../../src/api/job-views.ts';
import type { ModelView, RunView } from '../../src/api/views.ts';
import { modelyard, repository, startDev, temporaryFolder } from './product.ts';

const archive = join(repository, '../shared/data/cricket/t20i_cricsheet_yaml.tar.xz');
const project = join(repository, 'examples/t20-score');

test.skipIf(!existsSync(archive))(
  'on real T20 internationals (needs ../shared) the score after every ball is off by 18 runs at most',
  async () => {
    await using state = await temporaryFolder();
    const options = { env: { MODELYARD_PARAM_DATA: archive } };
    const at = ['--project', project, '--state', state.path];
    const { code, out, err } = await modelyard(['run', '--json', ...at], options);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    expect((JSON.parse(out) as JobView).outcome?.verdicts).toMatchObject([
      { decision: { kind: 'promote', because: 'first' } },
    ]);

    const [model] = JSON.parse(
      (await modelyard(['models', '--json', ...at], options)).out,
    ) as readonly ModelView[];
    const metrics = Object.fromEntries(model?.live?.metrics.map(({ name, value }) => [name, value]) ?? []);
    expect(metrics['mae']).toBeLessThanOrEqual(18);
    expect(metrics['r2']).toBeGreaterThan(0.58);
    expect(metrics['intervalCoverage']).toBeGreaterThan(0.7);

    await using dev = await startDev(at, options);
    const runId = model?.live?.runId ?? '';
    const run = (await (await fetch(`${dev.url}/api/runs/${runId}`)).json()) as RunView;
    const summary = (task: string): string | null | undefined =>
      run.tasks.find((each) => each.task === task)?.summary;
    expect(summary('matches')).toBe('327,890 rows');
    expect(summary('t20-score.split')).toMatch(/\(657 and 223 by match\)$/);
  },
  300_000,
);
