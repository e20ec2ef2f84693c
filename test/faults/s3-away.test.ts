import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JobView } from '../../src/api/job-views.ts';
import type { PredictionView, ProjectView } from '../../src/api/views.ts';
import { startGateway, withoutGateway } from '../compat/s3-gateway.ts';
import { edit, writeHouses } from '../e2e/houses.ts';
import { modelyard, temporaryFolder } from '../e2e/product.ts';
import { startTeamServer, type TeamServer } from '../e2e/team-server.ts';
import { counted, reportFault } from './report.ts';

const why = withoutGateway ? ' (skipped: needs versitygw)' : '';
const requests = 10;
const house = { size: 80, garden: true };

async function readiness({ url }: TeamServer): Promise<unknown> {
  const response = await fetch(`${url}/ready`);
  return [response.status, ((await response.json()) as { readonly waitsFor: unknown }).waitsFor];
}

const namesBucket = expect.stringMatching(
  /^not ready: The S3 store does not respond.*\(bucket: "artifacts-0: /,
);

describe.skipIf(withoutGateway)(`a bucket that is away for a while${why}`, () => {
  test('a bucket outage stops no server and loses nothing: the run fails with the reason, predictions continue, and the next run completes it', async () => {
    await using gateway = await startGateway();
    await using folder = await temporaryFolder();
    await writeHouses(folder.path, 200);
    const config = join(folder.path, 'modelyard.config.ts');
    const env = { ...gateway.env, MODELYARD_BLOBS: `s3://${await gateway.newBucket()}/blobs` };
    const started = await startTeamServer(folder.path, { env });
    expect(await started.run('houses')).toMatchObject({ status: 'finished' });
    await started.stop('SIGTERM');

    // Long enough to be interrupted.
    await edit(config, 'trees: 20', 'trees: 1500, earlyStopping: 1500');
    await edit(config, 'least: 20', 'least: 21');
    await using server = await startTeamServer(folder.path, { env });
    expect(await readiness(server)).toEqual([200, []]);
    const asked = (await (await server.post('/api/projects/houses/runs')).json()) as JobView;
    const statusOf = async (name: string): Promise<string | undefined> =>
      (await server.get<ProjectView>('/api/projects/houses')).tasks.find(({ task }) => task === name)?.status;
    await expect.poll(() => statusOf('house-price.train'), { interval: 20, timeout: 60_000 }).toBe('running');
    await gateway.kill();

    await expect.poll(() => readiness(server)).toEqual([503, ['blob store']]);
    const predictions: PredictionView[] = [];
    for (let count = 0; count < requests; count += 1) {
      const response = await server.post('/predict/house-price', house);
      if (response.ok) predictions.push((await response.json()) as PredictionView);
    }
    expect(new Set(predictions.map(({ version }) => version))).toEqual(new Set([1]));
    const failed = await server.jobOnce(asked.id, ({ endedAt }) => endedAt !== null);
    expect(failed).toMatchObject({
      status: 'failed',
      outcome: {
        run: { status: 'FAILED', failed: { task: 'house-price.train', error: { message: namesBucket } } },
      },
    });
    const doctor = await modelyard(['doctor', '--project', folder.path], { env });
    expect(doctor.out).toMatch(/✗ blobs +s3:\/\/artifacts-0\/blobs at .*not ready/);
    expect(await server.run('houses'), 'a run that cannot read the bucket').toMatchObject({
      status: 'failed',
    });

    await gateway.start();
    await expect.poll(() => readiness(server), { timeout: 10_000 }).toEqual([200, []]);
    const completed = await server.run('houses');
    expect(completed).toMatchObject({ status: 'finished', outcome: { run: { status: 'FINISHED' } } });
    const hits = completed.outcome?.tasks.flatMap(({ task, status }) => (status === 'hit' ? [task] : []));
    const done = failed.outcome?.tasks.flatMap(({ task, status }) => (status === 'done' ? [task] : []));
    const again = done?.filter((task) => !hits?.includes(task)) ?? [];
    const explained = await Promise.all(
      predictions.map(({ predictionId }) => server.get<object>(`/api/predictions/${predictionId}`)),
    );
    const lost = requests - predictions.length + explained.filter((each) => !('version' in each)).length;
    reportFault({
      fault: 'S3 killed in the middle of a run, and back',
      tried: counted(1, 'kill'),
      acknowledged: `${counted(done?.length ?? 0, 'task')}, ${counted(requests, 'prediction')}`,
      lost: again.length + lost,
    });
    expect(done, 'finished before').toContain('houses');
    expect(again).toEqual([]);
    expect(lost).toBe(0);
  });
});
