import { expect, test } from 'vitest';
import { openMlflow, type OpenMlflow } from '../testing.fixture.ts';

const ajax = '/ajax-api/2.0/mlflow';

async function startedRun({ call }: OpenMlflow): Promise<string> {
  const { body } = await call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' });
  return (body as { run: { info: { run_id: string } } }).run.info.run_id;
}

test('folders among the artifacts have a size of no bytes, as a text', async () => {
  await using mlflow = await openMlflow();
  const run = await startedRun(mlflow);
  for (const path of ['a.txt', 'folder/b.txt'])
    await mlflow.call('POST', `${ajax}/upload-artifact?run_uuid=${run}&path=${path}`, 'hello');
  const query = `{ mlflowListArtifacts(input: { runId: "${run}" }) { files { path isDir fileSize } } }`;
  expect((await mlflow.call('POST', '/graphql', { query })).body).toEqual({
    data: {
      mlflowListArtifacts: {
        files: [
          { path: 'a.txt', isDir: false, fileSize: '5' },
          { path: 'folder', isDir: true, fileSize: '0' },
        ],
      },
    },
    errors: null,
  });
});

test('a dataset without a context has an empty one', async () => {
  await using mlflow = await openMlflow();
  const run_id = await startedRun(mlflow);
  const dataset = { name: 'd', digest: '1', source_type: 'local', source: 's' };
  await mlflow.call('POST', '/api/2.0/mlflow/runs/log-inputs', { run_id, datasets: [{ dataset }] });
  const fields = 'datasetSummaries { name context }';
  const query = `mutation m { mlflowSearchDatasets(input: { experimentIds: ["0"] }) { ${fields} } }`;
  expect((await mlflow.call('POST', '/graphql', { query })).body).toEqual({
    data: { mlflowSearchDatasets: { datasetSummaries: [{ name: 'd', context: '' }] } },
    errors: null,
  });
});

test('every member of a run and of a version may be asked for', async () => {
  await using mlflow = await openMlflow();
  const run = await startedRun(mlflow);
  await mlflow.call('POST', '/api/2.0/mlflow/registered-models/create', { name: 'm' });
  await mlflow.call('POST', '/api/2.0/mlflow/model-versions/create', {
    name: 'm',
    source: 's3://b/k',
    run_id: run,
  });
  const query = `{ mlflowGetRun(input: { runId: "${run}" }) { apiError { code } run { __typename
    info { endTime userId } inputs { datasetInputs { dataset { name } } } outputs { modelOutputs { modelId } }
    modelVersions { version aliases description tags { key } modelMetrics { key } deploymentJobState { jobId } } } } }`;
  expect((await mlflow.call('POST', '/graphql', { query })).body).toEqual({
    data: {
      mlflowGetRun: {
        apiError: null,
        run: {
          __typename: 'MlflowRunExtension',
          info: { endTime: '0', userId: '' },
          inputs: { datasetInputs: [] },
          outputs: { modelOutputs: [] },
          modelVersions: [
            {
              version: '1',
              aliases: [],
              description: '',
              tags: [],
              modelMetrics: [],
              deploymentJobState: { jobId: '' },
            },
          ],
        },
      },
    },
    errors: null,
  });
});
