import { stringify } from 'yaml';
import type { Json } from '../kernel/json.ts';
import type { MlflowFlavors, ModelFile } from '../project/models/trainer.ts';
import { textFile } from './model-file.ts';

/** The parts of an MLmodel file that differ between models. */
export interface MlflowModel {
  readonly features: readonly string[];
  /** The name of the trainer. */
  readonly trainer: string;
  /** The MLflow flavors. @default none */
  readonly mlflow?: MlflowFlavors | undefined;
  /** 32 hex digits. */
  readonly modelUuid: string;
  /** Milliseconds since 1970; absent if the same training must give the same bytes. */
  readonly createdAt?: number;
  /** 32 hex digits. */
  readonly runId?: string;
  /** The folder's path among the run's artifacts. @default 'model' */
  readonly artifactPath?: string;
  /** Stored under `metadata`, which MLflow ignores. */
  readonly metadata?: Readonly<Record<string, Json>>;
}

/** The package versions that a Python process needs to load the model; MLflow lists them in the folder. */
const python = '3.11';
const mlflowRequirement = 'mlflow>=2.9';
const mlflowVersion = '2.9.0';

/**
 * The files that make a folder an MLflow model: MLmodel with a signature and the trainer's flavors, and if there are
 * flavors, the Python environment in MLflow's three formats. The same arguments give the same bytes.
 */
export function mlflowModelFiles(model: MlflowModel): readonly ModelFile[] {
  const descriptor = textFile('MLmodel', yaml(describe(model)));
  if (!model.mlflow) return [descriptor];
  const requirements = [mlflowRequirement, ...model.mlflow.requirements];
  return [
    descriptor,
    textFile('conda.yaml', yaml(condaEnvironment(requirements))),
    textFile('python_env.yaml', yaml(pythonEnvironment())),
    textFile('requirements.txt', `${requirements.join('\n')}\n`),
  ];
}

const environment = { env: { conda: 'conda.yaml', virtualenv: 'python_env.yaml' }, python_version: python };

function describe(model: MlflowModel): object {
  const { python_function: pyfunc, ...flavors } = model.mlflow?.flavors ?? {};
  const names = model.mlflow?.columnNames?.(model.features) ?? model.features;
  const renamed = names.flatMap((name, index) => {
    const trueName = model.features[index] ?? name;
    return name === trueName ? [] : [[name, trueName] as const];
  });
  const metadata = {
    ...model.metadata,
    ...(renamed.length > 0 && { modelyard_feature_names: Object.fromEntries(renamed) }),
  };
  const inputs = names.map((name) => ({ type: 'double', name, required: true }));
  const outputs = model.mlflow?.outputs ?? [{ type: 'double', name: 'prediction', required: true }];
  return {
    artifact_path: model.artifactPath ?? 'model',
    flavors: {
      // MLflow needs at least one flavor, and ignores unknown ones.
      modelyard: { trainer: model.trainer },
      ...(pyfunc && { python_function: { ...environment, ...pyfunc } }),
      ...flavors,
    },
    ...(Object.keys(metadata).length > 0 && { metadata }),
    mlflow_version: mlflowVersion,
    model_uuid: model.modelUuid,
    ...(model.runId !== undefined && { run_id: model.runId }),
    // MLflow stores the columns as JSON text.
    signature: { inputs: JSON.stringify(inputs), outputs: JSON.stringify(outputs), params: null },
    ...(model.createdAt !== undefined && { utc_time_created: utcTime(model.createdAt) }),
  };
}

function condaEnvironment(requirements: readonly string[]): object {
  return {
    name: 'mlflow-env',
    channels: ['conda-forge'],
    dependencies: [`python=${python}`, 'pip', { pip: requirements }],
  };
}

function pythonEnvironment(): object {
  return {
    python,
    build_dependencies: ['pip', 'setuptools', 'wheel'],
    dependencies: ['-r requirements.txt'],
  };
}

/** MLflow reads YAML 1.1, where an unquoted time is not text. */
function yaml(value: object): string {
  return stringify(value, { version: '1.1' });
}

/** '2026-01-31 12:00:00.123000', as MLflow writes times. */
function utcTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '000');
}
