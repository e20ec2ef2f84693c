import { stringify } from 'yaml';
import { modelFiles } from './boosted-trees/engine.ts';
import type { ModelFile } from './trainer.ts';

/** What stands in an MLmodel file beside what every model of ours has. */
export interface MlflowModel {
  readonly features: readonly string[];
  /** 32 hex digits. */
  readonly modelUuid: string;
  /** Milliseconds since 1970; absent where the same training must make the same bytes. */
  readonly createdAt?: number;
  /** 32 hex digits. */
  readonly runId?: string;
  /** The folder's path among the run's artifacts. @default 'model' */
  readonly artifactPath?: string;
  /** Kept under `metadata`, where MLflow leaves it alone. */
  readonly metadata?: Readonly<Record<string, string | number | boolean>>;
}

/** The releases that a Python process needs to load the model; MLflow names them in the folder. */
const python = '3.11';
const requirements = ['mlflow>=2.9', 'pandas>=2', 'xgboost>=2.0,<4'] as const;
const xgboostVersion = '2.1.0';
const mlflowVersion = '2.9.0';

/**
 * The files that make a folder with a model of boosted trees an MLflow model of the flavors `xgboost` and
 * `python_function`: MLmodel, with a signature over the features, and the Python environment in MLflow's three forms.
 * The same arguments give the same bytes.
 */
export function mlflowModelFiles(model: MlflowModel): readonly ModelFile[] {
  return [
    textFile('MLmodel', yaml(descriptor(model))),
    textFile('conda.yaml', yaml(condaEnvironment())),
    textFile('python_env.yaml', yaml(pythonEnvironment())),
    textFile('requirements.txt', `${requirements.join('\n')}\n`),
  ];
}

function descriptor(model: MlflowModel): object {
  const inputs = model.features.map((name) => ({ type: 'double', name, required: true }));
  const outputs = [{ type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1] } }];
  return {
    artifact_path: model.artifactPath ?? 'model',
    flavors: {
      python_function: {
        data: modelFiles.model,
        env: { conda: 'conda.yaml', virtualenv: 'python_env.yaml' },
        loader_module: 'mlflow.xgboost',
        python_version: python,
      },
      xgboost: {
        code: null,
        data: modelFiles.model,
        model_class: 'xgboost.core.Booster',
        model_format: 'json',
        xgb_version: xgboostVersion,
      },
    },
    ...(model.metadata && { metadata: model.metadata }),
    mlflow_version: mlflowVersion,
    model_uuid: model.modelUuid,
    ...(model.runId !== undefined && { run_id: model.runId }),
    // MLflow keeps the columns as JSON text.
    signature: { inputs: JSON.stringify(inputs), outputs: JSON.stringify(outputs), params: null },
    ...(model.createdAt !== undefined && { utc_time_created: utcTime(model.createdAt) }),
  };
}

function condaEnvironment(): object {
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

/** MLflow reads YAML 1.1, where a time without quotes is no text. */
function yaml(value: object): string {
  return stringify(value, { version: '1.1' });
}

/** '2026-01-31 12:00:00.123000', as MLflow writes times. */
function utcTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '000');
}

function textFile(name: string, text: string): ModelFile {
  return { name, bytes: new TextEncoder().encode(text) };
}
