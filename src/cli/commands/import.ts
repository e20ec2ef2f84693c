import { defineCommand } from '../command.ts';

export const importMlflow = defineCommand({
  name: 'import mlflow',
  summary: 'import experiments, runs, artifacts and the registry of an MLflow server',
  needs: 'state',
  arguments: {
    source: { kind: 'required', help: 'address of an MLflow server, its SQLite file, or an mlruns folder' },
  },
  options: {
    experiment: {
      kind: 'list',
      value: 'name',
      help: 'import only this experiment and the versions of its runs',
    },
    artifacts: { kind: 'off', help: 'do not copy artifacts' },
    artifactsFrom: {
      kind: 'text',
      value: 'folder',
      help: "artifact folder of the server, for a SQLite file or folder (default: 'mlartifacts' beside it)",
    },
  },
  notes: [
    'Imports into the state that modelyard server serves (--state, MODELYARD_DATABASE_URL, MODELYARD_ARTIFACTS). Stop the\nserver first. Run the command again to resume an interrupted import, or to import later changes.',
  ],
  environment: [
    ['MLFLOW_TRACKING_TOKEN', 'bearer token for the MLflow server, or'],
    ['MLFLOW_TRACKING_USERNAME', 'user name, with MLFLOW_TRACKING_PASSWORD'],
  ],
  examples: [
    'modelyard import mlflow http://mlflow.example:5000',
    'modelyard import mlflow mlflow.db --experiment churn --experiment prices',
    'modelyard import mlflow ./mlruns --state /var/lib/modelyard --json | jq .differences',
  ],
  run: async (input, context) => (await import('../jobs/mlflow-import.ts')).importInto(input, context),
});
