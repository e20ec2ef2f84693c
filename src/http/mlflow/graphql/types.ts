/**
 * A type by its fields: 'String', 'Long' (a 64-bit integer as a text), 'Float', 'Boolean', 'Name' (of an enum), the
 * name of another type, or one of these in brackets for a list.
 */
export type Types = Readonly<Record<string, Readonly<Record<string, string>>>>;

function texts(names: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, 'String']));
}

function longs(names: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, 'Long']));
}

const keyValue = texts('key value');
const apiError = { apiError: 'ApiError' } as const;
const point = { ...keyValue, value: 'Float', ...longs('timestamp step') } as const;
const modelPoint = { ...point, ...texts('datasetName datasetDigest modelId runId') } as const;

/**
 * The types of MLflow 3.12's GraphQL responses. `Query` has the fields of queries and of mutations. Source:
 * mlflow/protos/service.proto and model_registry.proto.
 */
export const mlflowTypes: Types = {
  Query: {
    mlflowGetExperiment: 'MlflowGetExperimentResponse',
    mlflowGetRun: 'MlflowGetRunResponse',
    mlflowGetMetricHistoryBulkInterval: 'MlflowGetMetricHistoryBulkIntervalResponse',
    mlflowListArtifacts: 'MlflowListArtifactsResponse',
    mlflowSearchModelVersions: 'MlflowSearchModelVersionsResponse',
    mlflowSearchRuns: 'MlflowSearchRunsResponse',
    mlflowSearchDatasets: 'MlflowSearchDatasetsResponse',
    test: 'Test',
    testMutation: 'TestMutation',
  },
  Test: texts('output'),
  TestMutation: texts('output'),
  ApiError: { ...texts('code message helpUrl traceId'), errorDetails: '[ErrorDetail]' },
  ErrorDetail: texts('field message'),

  MlflowGetExperimentResponse: { experiment: 'MlflowExperiment', ...apiError },
  MlflowExperiment: {
    ...texts('experimentId name artifactLocation lifecycleStage'),
    ...longs('lastUpdateTime creationTime'),
    tags: '[MlflowExperimentTag]',
  },
  MlflowExperimentTag: keyValue,

  MlflowGetRunResponse: { run: 'MlflowRunExtension', ...apiError },
  MlflowSearchRunsResponse: { runs: '[MlflowRunExtension]', nextPageToken: 'String', ...apiError },
  MlflowRunExtension: {
    info: 'MlflowRunInfo',
    data: 'MlflowRunData',
    inputs: 'MlflowRunInputs',
    outputs: 'MlflowRunOutputs',
    experiment: 'MlflowExperiment',
    modelVersions: '[MlflowModelVersion]',
  },
  MlflowRunInfo: {
    ...texts('runId runUuid runName experimentId userId artifactUri lifecycleStage'),
    status: 'Name',
    ...longs('startTime endTime'),
  },
  MlflowRunData: { metrics: '[MlflowMetricExtension]', params: '[MlflowParam]', tags: '[MlflowRunTag]' },
  MlflowMetricExtension: modelPoint,
  MlflowParam: keyValue,
  MlflowRunTag: keyValue,
  MlflowRunInputs: { datasetInputs: '[MlflowDatasetInput]', modelInputs: '[MlflowModelInput]' },
  MlflowDatasetInput: { tags: '[MlflowInputTag]', dataset: 'MlflowDataset' },
  MlflowInputTag: keyValue,
  MlflowDataset: texts('name digest sourceType source schema profile'),
  MlflowModelInput: texts('modelId'),
  MlflowRunOutputs: { modelOutputs: '[MlflowModelOutput]' },
  MlflowModelOutput: { modelId: 'String', step: 'Long' },

  MlflowGetMetricHistoryBulkIntervalResponse: { metrics: '[MlflowMetricWithRunId]', ...apiError },
  MlflowMetricWithRunId: { ...point, runId: 'String' },

  MlflowListArtifactsResponse: { ...texts('rootUri nextPageToken'), files: '[MlflowFileInfo]', ...apiError },
  MlflowFileInfo: { path: 'String', isDir: 'Boolean', fileSize: 'Long' },

  MlflowSearchDatasetsResponse: { datasetSummaries: '[MlflowDatasetSummary]', ...apiError },
  MlflowDatasetSummary: texts('experimentId name digest context'),

  MlflowSearchModelVersionsResponse: {
    modelVersions: '[MlflowModelVersion]',
    nextPageToken: 'String',
    ...apiError,
  },
  MlflowModelVersion: {
    ...texts('name version userId currentStage description source runId statusMessage runLink modelId'),
    ...longs('creationTimestamp lastUpdatedTimestamp'),
    status: 'Name',
    tags: '[MlflowModelVersionTag]',
    aliases: '[String]',
    modelParams: '[MlflowModelParam]',
    modelMetrics: '[MlflowModelMetric]',
    deploymentJobState: 'MlflowModelVersionDeploymentJobState',
  },
  MlflowModelVersionTag: keyValue,
  MlflowModelParam: texts('name value'),
  MlflowModelMetric: modelPoint,
  MlflowModelVersionDeploymentJobState: {
    ...texts('jobId runId currentTaskName'),
    jobState: 'Name',
    runState: 'Name',
  },
};
