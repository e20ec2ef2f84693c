import type { ReactNode } from 'react';
import { Copy } from '../shell/parts.tsx';

/** How to register the first model on this server, with the address that the browser used. */
export function FirstModel(): ReactNode {
  const sample = sampleFor(location.origin);
  return (
    <section className="card blank">
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
    </section>
  );
}

function sampleFor(address: string): string {
  return `# pip install mlflow scikit-learn
import mlflow
from sklearn.linear_model import LinearRegression

mlflow.set_tracking_uri("${address}")
mlflow.set_experiment("my-first")
with mlflow.start_run():
    model = LinearRegression().fit([[1.0], [2.0], [3.0]], [2.0, 4.0, 6.0])
    mlflow.sklearn.log_model(
        model, name="model", input_example=[[1.0]], registered_model_name="my-model"
    )
mlflow.MlflowClient().set_registered_model_alias("my-model", "prod", "1")`;
}
