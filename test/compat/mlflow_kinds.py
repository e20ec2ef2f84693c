"""Loads a classifier of a project by its alias, and scores rows as MLflow's scoring server does."""

import json
import sys
import warnings

import mlflow
import numpy
import pandas
from mlflow.pyfunc import scoring_server

warnings.simplefilter("ignore")
asked = json.loads(sys.stdin.readline())
model = mlflow.pyfunc.load_model(f"models:/{asked['model']}@{asked['alias']}")
frame = pandas.DataFrame(asked["rows"], dtype="float64")
body = json.dumps({"dataframe_split": frame.to_dict(orient="split")})
result = scoring_server.invocations(body, "application/json", model, model.metadata.get_input_schema())

print(
    json.dumps(
        {
            "predictions": numpy.asarray(model.predict(frame), dtype=numpy.float32).tolist(),
            "scored": numpy.asarray(
                json.loads(result.response)["predictions"], dtype=numpy.float32
            ).tolist(),
            "features": model.metadata.get_input_schema().input_names(),
            "outputs": model.metadata.get_output_schema().to_dict(),
            "metadata": model.metadata.metadata,
        }
    )
)
