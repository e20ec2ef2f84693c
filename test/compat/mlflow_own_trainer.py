"""Loads the model of a project's own trainer with the flavor that it claims, and with one that it does not."""

import json
import sys
import warnings

import mlflow
import pandas

warnings.simplefilter("ignore")
asked = json.loads(sys.stdin.readline())
uri = f"models:/{asked['model']}@{asked['alias']}"
model = mlflow.pyfunc.load_model(uri)
frame = pandas.DataFrame(asked["rows"], dtype="float64")
try:
    mlflow.xgboost.load_model(uri)
    refused = None
except mlflow.exceptions.MlflowException as error:
    refused = str(error)

print(
    json.dumps(
        {
            "predictions": [float(value) for value in model.predict(frame)],
            "flavors": sorted(model.metadata.flavors),
            "features": model.metadata.get_input_schema().input_names(),
            "outputs": [column.name for column in model.metadata.get_output_schema().inputs],
            "refused": refused,
        }
    )
)
