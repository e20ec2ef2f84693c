import type { ReactNode } from 'react';
import { Copy } from '../shell/parts.tsx';

/** How to register the first model on this server, with the address that the browser used. */
export function FirstModel(): ReactNode {
  const sample = sampleFor(location.origin);
  return (
    <div className="first-model">
      <h2>No model is registered yet</h2>
      <p className="muted">
        Register one from an MLflow client. This page changes when it arrives. A project that Modelyard trains
        registers its models itself.
      </p>
      <div className="sample">
        <pre>
          <code>{sample}</code>
        </pre>
        <Copy text={sample} what="the Python lines" />
      </div>
    </div>
  );
}

function sampleFor(address: string): string {
  return `# pip install mlflow
import mlflow

class Double(mlflow.pyfunc.PythonModel):
    def predict(self, model_input: list[float]) -> list[float]:
        return [2 * value for value in model_input]

mlflow.set_tracking_uri("${address}")
mlflow.set_experiment("my-first")
with mlflow.start_run():
    mlflow.pyfunc.log_model(
        name="model", python_model=Double(), registered_model_name="my-model"
    )
mlflow.MlflowClient().set_registered_model_alias("my-model", "prod", "1")`;
}
